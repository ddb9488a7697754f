# example.com/probe
./main.go:16:6: can inline newNode with cost 5 as: func(int) *Node { return &Node{...} }
./main.go:18:6: can inline leak with cost 3 as: func(*Node) { global = p }
./main.go:20:6: can inline viaCall with cost 14 as: func() { n := Node{...}; leak(&n) }
./main.go:25:6: can inline sizes with cost 9 as: func(int) int { b := make([]byte, n); return len(b) }
./main.go:30:6: can inline retSlice with cost 3 as: func(int) []byte { return make([]byte, n) }
./main.go:32:6: can inline iface with cost 4 as: func(int) { sinkAny = x }
./main.go:34:6: can inline closure with cost 22 as: func() func() int { c := 0; return func literal }
./main.go:36:9: can inline closure.func1 with cost 5 as: func() int { c++; return c }
./main.go:39:6: can inline mapput with cost 6 as: func(map[string]*Node, string) { m[k] = &Node{} }
./main.go:43:6: can inline app with cost 4 as: func([]int) []int { return append(xs, 1) }
./main.go:50:6: cannot inline id: marked go:noinline
./main.go:47:6: can inline gen[go.shape.int] with cost 5 as: func(*[2]uintptr, go.shape.int) *T[go.shape.int] { return &T[go.shape.int]{...} }
./main.go:47:6: can inline gen[go.shape.string] with cost 5 as: func(*[2]uintptr, go.shape.string) *T[go.shape.string] { return &T[go.shape.string]{...} }
./main.go:65:5: can inline main.func1 with cost 82 as: func() { fmt.Println(... argument...) }
./main.go:52:6: cannot inline main: unhandled op GO
./main.go:47:6: can inline gen[string] with cost 11 as: func(string) *T[string] { return gen[go.shape.string](&.dict.gen[string], p) }
./main.go:47:6: can inline gen[int] with cost 11 as: func(int) *T[int] { return gen[go.shape.int](&.dict.gen[int], p) }
./main.go:22:6: inlining call to leak
./main.go:65:25: inlining call to fmt.Println
./main.go:53:21: inlining call to newNode
./main.go:53:29: inlining call to gen[go.shape.int]
./main.go:53:37: inlining call to gen[go.shape.string]
./main.go:53:13: inlining call to fmt.Println
./main.go:54:9: inlining call to viaCall
./main.go:55:7: inlining call to sizes
./main.go:56:10: inlining call to retSlice
./main.go:57:7: inlining call to iface
./main.go:58:9: inlining call to closure
./main.go:36:9: can inline closure.func1 with cost 5 as: func() int { c++; return c }
./main.go:58:11: inlining call to closure.func1
./main.go:59:8: inlining call to mapput
./main.go:60:5: inlining call to app
./main.go:67:13: inlining call to fmt.Println
./main.go:54:9: inlining call to leak
./main.go:47:6: inlining call to gen[go.shape.string]
./main.go:47:6: inlining call to gen[go.shape.int]
./main.go:16:36: &Node{...} escapes to heap in newNode:
./main.go:16:36:   flow: ~r0 ← &{storage for &Node{...}}:
./main.go:16:36:     from &Node{...} (spill) at ./main.go:16:36
./main.go:16:36:     from return &Node{...} (return) at ./main.go:16:29
./main.go:16:36: &Node{...} escapes to heap
./main.go:18:11: parameter p leaks to {heap} for leak with derefs=0:
./main.go:18:11:   flow: {heap} ← p:
./main.go:18:11:     from global = p (assign) at ./main.go:18:29
./main.go:18:11: leaking param: p
./main.go:21:2: n escapes to heap in viaCall:
./main.go:21:2:   flow: p ← &n:
./main.go:21:2:     from &n (address-of) at ./main.go:22:7
./main.go:21:2:     from p := &n (assign-pair) at ./main.go:22:6
./main.go:21:2:   flow: {heap} ← p:
./main.go:21:2:     from global = p (assign) at ./main.go:22:6
./main.go:21:2: moved to heap: n
./main.go:26:11: make([]byte, n) does not escape
./main.go:30:42: make([]byte, n) escapes to heap in retSlice:
./main.go:30:42:   flow: ~r0 ← &{storage for make([]byte, n)}:
./main.go:30:42:     from make([]byte, n) (spill) at ./main.go:30:42
./main.go:30:42:     from return make([]byte, n) (return) at ./main.go:30:31
./main.go:30:42: make([]byte, n) escapes to heap
./main.go:32:31: x escapes to heap in iface:
./main.go:32:31:   flow: {heap} ← &{storage for x}:
./main.go:32:31:     from x (spill) at ./main.go:32:31
./main.go:32:31:     from sinkAny = x (assign) at ./main.go:32:29
./main.go:32:31: x escapes to heap
./main.go:35:2: closure capturing by ref: c (addr=false assign=true width=8)
./main.go:36:9: func literal escapes to heap in closure:
./main.go:36:9:   flow: ~r0 ← &{storage for func literal}:
./main.go:36:9:     from func literal (spill) at ./main.go:36:9
./main.go:36:9:     from return func literal (return) at ./main.go:36:2
./main.go:35:2: c escapes to heap in closure:
./main.go:35:2:   flow: {storage for func literal} ← &c:
./main.go:35:2:     from c (captured by a closure) at ./main.go:36:22
./main.go:35:2:     from c (reference) at ./main.go:36:22
./main.go:35:2: moved to heap: c
./main.go:36:9: func literal escapes to heap
./main.go:40:9: &Node{} escapes to heap in mapput:
./main.go:40:9:   flow: {heap} ← &{storage for &Node{}}:
./main.go:40:9:     from &Node{} (spill) at ./main.go:40:9
./main.go:40:9:     from m[k] = &Node{} (assign) at ./main.go:40:7
./main.go:39:33: parameter k leaks to {heap} for mapput with derefs=0:
./main.go:39:33:   flow: {heap} ← k:
./main.go:39:33:     from m[k] (key of map put) at ./main.go:40:3
./main.go:39:13: m does not escape
./main.go:39:33: leaking param: k
./main.go:40:9: &Node{} escapes to heap
./main.go:43:41: append(xs, 1) escapes to heap in app:
./main.go:43:41:   flow: ~r0 ← &{storage for append(xs, 1)}:
./main.go:43:41:     from append(xs, 1) (spill) at ./main.go:43:41
./main.go:43:41:     from return append(xs, 1) (return) at ./main.go:43:28
./main.go:43:10: parameter xs leaks to ~r0 for app with derefs=0:
./main.go:43:10:   flow: {temp} ← xs:
./main.go:43:10:     from append(xs, 1) (call parameter) at ./main.go:43:41
./main.go:43:10:   flow: ~r0 ← {temp}:
./main.go:43:10:     from return append(xs, 1) (return) at ./main.go:43:28
./main.go:43:10: leaking param: xs to result ~r0 level=0
./main.go:43:41: append escapes to heap
./main.go:50:9: parameter p leaks to ~r0 for id with derefs=0:
./main.go:50:9:   flow: ~r0 ← p:
./main.go:50:9:     from return p (return) at ./main.go:50:26
./main.go:50:9: leaking param: p to result ~r0 level=0
./main.go:65:30: "a" + os.Args[0] escapes to heap in main.func1:
./main.go:65:30:   flow: {storage for ... argument} ← &{storage for "a" + os.Args[0]}:
./main.go:65:30:     from "a" + os.Args[0] (spill) at ./main.go:65:30
./main.go:65:30:     from ... argument (slice-literal-element) at ./main.go:65:25
./main.go:65:30:   flow: fmt.a ← &{storage for ... argument}:
./main.go:65:30:     from ... argument (spill) at ./main.go:65:25
./main.go:65:30:     from fmt.a := ... argument (assign-pair) at ./main.go:65:25
./main.go:65:30:   flow: {heap} ← *fmt.a:
./main.go:65:30:     from fmt.Fprintln(os.Stdout, fmt.a...) (call parameter) at ./main.go:65:25
./main.go:65:30: "a" + os.Args[0] escapes to heap in main.func1:
./main.go:65:30:   flow: {storage for "a" + os.Args[0]} ← &{storage for "a" + os.Args[0]}:
./main.go:65:30:     from "a" + os.Args[0] (spill) at ./main.go:65:30
./main.go:65:30:     from "a" + os.Args[0] (interface-converted) at ./main.go:65:30
./main.go:65:25: ... argument does not escape
./main.go:65:30: "a" + os.Args[0] escapes to heap
./main.go:65:30: "a" + os.Args[0] escapes to heap
./main.go:57:7: x escapes to heap in main:
./main.go:57:7:   flow: {heap} ← &{storage for x}:
./main.go:57:7:     from x (spill) at ./main.go:57:7
./main.go:57:7:     from sinkAny = x (assign) at ./main.go:57:7
./main.go:59:8: &Node{} escapes to heap in main:
./main.go:59:8:   flow: {heap} ← &{storage for &Node{}}:
./main.go:59:8:     from &Node{} (spill) at ./main.go:59:8
./main.go:59:8:     from m[k] = &Node{} (assign) at ./main.go:59:8
./main.go:65:5: func literal escapes to heap in main:
./main.go:65:5:   flow: {heap} ← &{storage for func literal}:
./main.go:65:5:     from func literal (spill) at ./main.go:65:5
./main.go:58:9: main capturing by ref: c (addr=false assign=true width=8)
./main.go:63:2: big escapes to heap in main:
./main.go:63:2:   flow: {heap} ← &big:
./main.go:63:2:     from big (too large for stack) at ./main.go:63:2
./main.go:54:9: n escapes to heap in main:
./main.go:54:9:   flow: p ← &n:
./main.go:54:9:     from &n (address-of) at ./main.go:54:9
./main.go:54:9:     from p := &n (assign-pair) at ./main.go:54:9
./main.go:54:9:   flow: {heap} ← p:
./main.go:54:9:     from global = p (assign) at ./main.go:54:9
./main.go:67:20: string(s) escapes to heap in main:
./main.go:67:20:   flow: {storage for ... argument} ← &{storage for string(s)}:
./main.go:67:20:     from string(s) (spill) at ./main.go:67:20
./main.go:67:20:     from ... argument (slice-literal-element) at ./main.go:67:13
./main.go:67:20:   flow: fmt.a ← &{storage for ... argument}:
./main.go:67:20:     from ... argument (spill) at ./main.go:67:13
./main.go:67:20:     from fmt.a := ... argument (assign-pair) at ./main.go:67:13
./main.go:67:20:   flow: {heap} ← *fmt.a:
./main.go:67:20:     from fmt.Fprintln(os.Stdout, fmt.a...) (call parameter) at ./main.go:67:13
./main.go:53:21: &Node{...} escapes to heap in main:
./main.go:53:21:   flow: ~r0 ← &{storage for &Node{...}}:
./main.go:53:21:     from &Node{...} (spill) at ./main.go:53:21
./main.go:53:21:     from ~r0 = &Node{...} (assign-pair) at ./main.go:53:21
./main.go:53:21:   flow: {storage for ... argument} ← ~r0:
./main.go:53:21:     from ~r0 (interface-converted) at ./main.go:53:21
./main.go:53:21:     from ... argument (slice-literal-element) at ./main.go:53:13
./main.go:53:21:   flow: fmt.a ← &{storage for ... argument}:
./main.go:53:21:     from ... argument (spill) at ./main.go:53:13
./main.go:53:21:     from fmt.a := ... argument (assign-pair) at ./main.go:53:13
./main.go:53:21:   flow: {heap} ← *fmt.a:
./main.go:53:21:     from fmt.Fprintln(os.Stdout, fmt.a...) (call parameter) at ./main.go:53:13
./main.go:53:29: &T[go.shape.int]{...} escapes to heap in main:
./main.go:53:29:   flow: ~r0 ← &{storage for &T[go.shape.int]{...}}:
./main.go:53:29:     from &T[go.shape.int]{...} (spill) at ./main.go:53:29
./main.go:53:29:     from ~r0 = &T[go.shape.int]{...} (assign-pair) at ./main.go:53:29
./main.go:53:29:   flow: {storage for ... argument} ← ~r0:
./main.go:53:29:     from ~r0 (interface-converted) at ./main.go:53:29
./main.go:53:29:     from ... argument (slice-literal-element) at ./main.go:53:13
./main.go:53:29:   flow: fmt.a ← &{storage for ... argument}:
./main.go:53:29:     from ... argument (spill) at ./main.go:53:13
./main.go:53:29:     from fmt.a := ... argument (assign-pair) at ./main.go:53:13
./main.go:53:29:   flow: {heap} ← *fmt.a:
./main.go:53:29:     from fmt.Fprintln(os.Stdout, fmt.a...) (call parameter) at ./main.go:53:13
./main.go:53:37: &T[go.shape.string]{...} escapes to heap in main:
./main.go:53:37:   flow: ~r0 ← &{storage for &T[go.shape.string]{...}}:
./main.go:53:37:     from &T[go.shape.string]{...} (spill) at ./main.go:53:37
./main.go:53:37:     from ~r0 = &T[go.shape.string]{...} (assign-pair) at ./main.go:53:37
./main.go:53:37:   flow: {storage for ... argument} ← ~r0:
./main.go:53:37:     from ~r0 (interface-converted) at ./main.go:53:37
./main.go:53:37:     from ... argument (slice-literal-element) at ./main.go:53:13
./main.go:53:37:   flow: fmt.a ← &{storage for ... argument}:
./main.go:53:37:     from ... argument (spill) at ./main.go:53:13
./main.go:53:37:     from fmt.a := ... argument (assign-pair) at ./main.go:53:13
./main.go:53:37:   flow: {heap} ← *fmt.a:
./main.go:53:37:     from fmt.Fprintln(os.Stdout, fmt.a...) (call parameter) at ./main.go:53:13
./main.go:67:21: string(s) escapes to heap in main:
./main.go:67:21:   flow: {storage for string(s)} ← &{storage for string(s)}:
./main.go:67:21:     from string(s) (spill) at ./main.go:67:21
./main.go:67:21:     from string(s) (interface-converted) at ./main.go:67:20
./main.go:63:2: moved to heap: big
./main.go:54:9: moved to heap: n
./main.go:53:13: ... argument does not escape
./main.go:53:21: &Node{...} escapes to heap
./main.go:53:29: &T[go.shape.int]{...} escapes to heap
./main.go:53:37: &T[go.shape.string]{...} escapes to heap
./main.go:55:7: make([]byte, n) does not escape
./main.go:56:10: make([]byte, 3) does not escape
./main.go:57:7: 4 escapes to heap
./main.go:58:9: func literal does not escape
./main.go:59:25: map[string]*Node{} does not escape
./main.go:59:8: &Node{} escapes to heap
./main.go:60:5: append does not escape
./main.go:65:5: func literal escapes to heap
./main.go:66:21: ([]byte)(os.Args[0]) does not escape
./main.go:66:21: zero-copy string->[]byte conversion
./main.go:67:13: ... argument does not escape
./main.go:67:20: string(s) escapes to heap
./main.go:67:21: string(s) escapes to heap
./main.go:47:37: &T[go.shape.string]{...} escapes to heap in gen[go.shape.string]:
./main.go:47:37:   flow: ~r0 ← &{storage for &T[go.shape.string]{...}}:
./main.go:47:37:     from &T[go.shape.string]{...} (spill) at ./main.go:47:37
./main.go:47:37:     from return &T[go.shape.string]{...} (return) at ./main.go:47:30
./main.go:47:17: parameter p leaks to {storage for &T[go.shape.string]{...}} for gen[go.shape.string] with derefs=0:
./main.go:47:17:   flow: {storage for &T[go.shape.string]{...}} ← p:
./main.go:47:17:     from T[go.shape.string]{...} (struct literal element) at ./main.go:47:42
./main.go:47:37: &T[go.shape.string]{...} escapes to heap
./main.go:47:6: &T[go.shape.string]{...} escapes to heap in gen[string]:
./main.go:47:6:   flow: ~r0 ← &{storage for &T[go.shape.string]{...}}:
./main.go:47:6:     from &T[go.shape.string]{...} (spill) at ./main.go:47:6
./main.go:47:6:     from ~r0 = &T[go.shape.string]{...} (assign-pair) at ./main.go:47:6
./main.go:47:6:   flow: ~r0 ← ~r0:
./main.go:47:6:     from return ~r0 (return) at ./main.go:47:6
./main.go:47:17: parameter p leaks to {storage for &T[go.shape.string]{...}} for gen[string] with derefs=0:
./main.go:47:17:   flow: p ← p:
./main.go:47:17:     from .dict, p := &.dict.gen[string], p (assign-pair) at ./main.go:47:6
./main.go:47:17:   flow: {storage for &T[go.shape.string]{...}} ← p:
./main.go:47:17:     from T[go.shape.string]{...} (struct literal element) at ./main.go:47:6
./main.go:47:6: &T[go.shape.string]{...} escapes to heap
./main.go:47:37: &T[go.shape.int]{...} escapes to heap in gen[go.shape.int]:
./main.go:47:37:   flow: ~r0 ← &{storage for &T[go.shape.int]{...}}:
./main.go:47:37:     from &T[go.shape.int]{...} (spill) at ./main.go:47:37
./main.go:47:37:     from return &T[go.shape.int]{...} (return) at ./main.go:47:30
./main.go:47:37: &T[go.shape.int]{...} escapes to heap
./main.go:47:6: &T[go.shape.int]{...} escapes to heap in gen[int]:
./main.go:47:6:   flow: ~r0 ← &{storage for &T[go.shape.int]{...}}:
./main.go:47:6:     from &T[go.shape.int]{...} (spill) at ./main.go:47:6
./main.go:47:6:     from ~r0 = &T[go.shape.int]{...} (assign-pair) at ./main.go:47:6
./main.go:47:6:   flow: ~r0 ← ~r0:
./main.go:47:6:     from return ~r0 (return) at ./main.go:47:6
./main.go:47:6: &T[go.shape.int]{...} escapes to heap
