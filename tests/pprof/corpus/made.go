package corpus

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

var made = []struct {
	name  string
	build func() *builder
}{
	{"inlined", inlined}, {"columns", columns}, {"mappings", mappings}, {"addresses", addresses},
	{"nomapping", noMapping}, {"names-empty", emptyNames}, {"names-cpp", cppNames}, {"names-mangled", mangledNames},
	{"names-generic", genericNames}, {"names-java", javaNames}, {"names-hostile", hostileNames}, {"paths", paths},
	{"negative", negative}, {"zero", zero}, {"empty", empty}, {"extreme", extreme}, {"labels-text", textLabels},
	{"labels-number", numberLabels}, {"labels-units", unitLabels}, {"labels-both", bothLabels}, {"comments", comments},
	{"dropframes", dropFrames}, {"keepframes", keepFrames}, {"recursion", recursion}, {"deep", deep}, {"wide", wide},
	{"units-time", timeUnits}, {"units-odd", oddUnits}, {"default-type", defaultType}, {"contention", contention},
	{"heaplike", heapLike}, {"folded", folded}, {"same-names", sameNames}, {"ties", ties}, {"one", one},
	{"listed", listed}, {"listed-recursive", listedRecursive}, {"residual", residual}, {"duration", duration},
	{"unsymbolized-some", someUnsymbolized}, {"stripped-lines", strippedLines}, {"startlines", startLines},
}

// made writes the profiles that are built here, and random ones.
func (c *Corpus) made() error {
	for _, m := range made {
		if err := c.addProfile(m.name+".pb.gz", m.build().Profile); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	for seed := uint64(1); seed <= 16; seed++ {
		if err := c.addProfile(fmt.Sprintf("random-%d.pb.gz", seed), random(seed).Profile); err != nil {
			return err
		}
	}
	return nil
}

func (c *Corpus) addProfile(name string, p *profile.Profile) error {
	if err := p.CheckValid(); err != nil {
		return err
	}
	var content bytes.Buffer
	if err := p.Write(&content); err != nil {
		return err
	}
	return c.add(&File{Name: name}, content.Bytes())
}

func inlined() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	b.add("strings.Index@strings.go:10 < app.find@find.go:22 < app.scan@scan.go:7 ; app.work@work.go:40 ; main.main@main.go:5", 3, 30e6)
	b.add("app.find@find.go:25 < app.scan@scan.go:7 ; app.work@work.go:41 ; main.main@main.go:5", 2, 20e6)
	b.add("app.scan@scan.go:9 ; app.work@work.go:40 ; main.main@main.go:5", 1, 10e6)
	b.add("runtime.memmove@memmove.s:100 ; strings.Index@strings.go:12 < app.find@find.go:22 ; app.scan@scan.go:8 ; main.main@main.go:6", 5, 50e6)
	b.add("app.leaf@leaf.go:1 < app.leaf@leaf.go:2 < app.leaf@leaf.go:3 ; main.main@main.go:7 < runtime.main@proc.go:283", 4, 40e6)
	return b
}

func columns() *builder {
	b := started("samples/count")
	b.add("app.a@a.go:10:3 ; app.b@b.go:20:14 ; main.main@main.go:5:2", 3)
	b.add("app.a@a.go:10:9 ; app.b@b.go:20:14 ; main.main@main.go:5:2", 4)
	b.add("app.a@a.go:10:9 < app.c@c.go:7:1 ; app.b@b.go:20:31 ; main.main@main.go:5:40", 5)
	b.add("app.d@d.go:0:9 ; app.b@b.go:21 ; main.main@main.go:5:40", 6)
	return b
}

func mappings() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	b.mapping("[vdso]", 0x7fff0000, 0x7fff2000, "")
	b.mapping("/usr/lib/x86_64-linux-gnu/libc.so.6", 0x7f0000000000, 0x7f0000200000, "0123456789abcdef")
	b.mapping("[kernel.kallsyms]_stext", 0xffffffff81000000, 0xffffffff82000000, "")
	b.mapping("/srv/app/plugin.so (deleted)", 0x7e0000000000, 0x7e0000100000, "aa")
	b.mapping("", 0x10000, 0x20000, "")
	var places []*profile.Location
	for i := range b.Mapping {
		name := fmt.Sprintf("func%d", i)
		places = append(places, b.place(i, profile.Line{Function: b.function(name, name, fmt.Sprintf("src/%d.c", i), 1), Line: int64(10 + i)}))
		b.Mapping[i].Offset = uint64(i) * 0x1000
	}
	for i := range places {
		b.addAt([]*profile.Location{places[i], places[(i+2)%len(places)], places[0]}, int64(i+1), int64(i+1)*10e6)
	}
	return b
}

func addresses() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	b.Mapping[0].HasFunctions, b.Mapping[0].HasFilenames, b.Mapping[0].HasLineNumbers, b.Mapping[0].HasInlineFrames = false, false, false, false
	b.mapping("/nonexistent/libfoo.so.1", 0x7f0000000000, 0x7f0000200000, "").HasFunctions = false
	var places []*profile.Location
	for i := range 9 {
		places = append(places, b.place(i%2))
	}
	for i := range 20 {
		b.addAt([]*profile.Location{places[i%9], places[(i*3+1)%9], places[0]}, int64(i), int64(i)*1e6)
	}
	return b
}

func noMapping() *builder {
	b := started("samples/count")
	b.Mapping = nil
	place := func(address uint64, lines ...profile.Line) *profile.Location {
		l := &profile.Location{ID: uint64(len(b.Location) + 1), Address: address, Line: lines}
		b.Location = append(b.Location, l)
		return l
	}
	named := place(0x400100, profile.Line{Function: b.function("main.main", "main.main", "main.go", 0), Line: 3})
	bare, nowhere := place(0x400200), place(0, profile.Line{Function: b.function("main.nowhere", "", "", 0)})
	b.addAt([]*profile.Location{bare, named}, 7)
	b.addAt([]*profile.Location{nowhere, named}, 5)
	b.addAt([]*profile.Location{named}, 2)
	return b
}

func emptyNames() *builder {
	b := started("samples/count")
	nameless := b.place(0, profile.Line{Function: b.function("", "", "", 0), Line: 0})
	onlyFile := b.place(0, profile.Line{Function: b.function("", "", "lost.go", 12), Line: 13})
	onlySystem := b.place(0, profile.Line{Function: b.function("", "system.only", "x.go", 0), Line: 2})
	root := b.location("main.main@main.go:1")
	for i, l := range []*profile.Location{nameless, onlyFile, onlySystem} {
		b.addAt([]*profile.Location{l, root}, int64(i+1))
		b.addAt([]*profile.Location{l, onlyFile, root}, int64(10*i+1))
	}
	b.addAt(nil, 9)
	return b
}

func named(names []string) *builder {
	b := started("samples/count", "cpu/nanoseconds")
	root := b.place(0, profile.Line{Function: b.function("main", "main", "main.cc", 0), Line: 1})
	for i, name := range names {
		l := b.place(0, profile.Line{Function: b.function(name, name, fmt.Sprintf("src/file%d.cc", i%3), 0), Line: int64(i + 1)})
		b.addAt([]*profile.Location{l, root}, int64(i+1), int64(len(names)-i)*1e6)
		if i > 0 {
			b.addAt([]*profile.Location{b.Location[i], l, root}, 1, 1e6)
		}
	}
	return b
}

func cppNames() *builder {
	return named([]string{
		"std::vector<int, std::allocator<int> >::push_back(int const&)", "(anonymous namespace)::Helper::run()",
		"operator new(unsigned long)", "foo::Bar::operator()(int, char const*) const", "ns::Tmpl<(Kind)3>::call<int>(int)",
		"void f<int>(int)", "std::function<void (int)>::operator()(int) const", "A::~A()", "f(int (*)(char))",
		"absl::lts_20230802::container_internal::raw_hash_set<absl::FlatHashMapPolicy<std::string, int> >::find()",
		"operator<<(std::ostream&, X const&)", "std::chrono::operator-(a, b)", "x<y<z> >::w[abi:cxx11](int)", "_start", "__libc_start_main@@GLIBC_2.34",
		"lambda::{lambda(int)#1}::operator()(int) const", "google::protobuf::(anonymous namespace)::F", "Foo::bar(int) [clone .cold]", "foo.part.0", "foo.constprop.0.isra.1",
	})
}

func mangledNames() *builder {
	return named([]string{
		"_ZNSt6vectorIiSaIiEE9push_backERKi", "_Znwm", "_ZN3foo3BarclEiPKc", "_ZN12_GLOBAL__N_16helperEv", "_ZN2ns1fIiEEvT_", "_ZN1AD2Ev",
		"_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "_Z", "_ZN", "_Z1fv.cold", "__ZN3fooEv", "_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc",
		"_ZZ4mainENKUlvE_clEv", "_ZNKSt8functionIFvvEEclEv", "notmangled", "_ZTV3Foo", "_ZGVZ4mainE1x",
		"_ZZ1fiENKUliE_clEi", "_ZZ1fIiEvT_ENKUlvE_clEv", "_ZZNK1A1gEiENKUlvE_clEv", "_ZThn8_NK1B1gEi", "_ZZ4mainE1x", "_ZZN1A1fEiE5table", "_ZN1AcvbEv", "_ZltRK1AS1_", "_ZN1AptEv", "_ZdaPv", "_ZN1AaSERKS_", "_ZN49_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$Drop$GT$4drop17h0123456789abcdefE",
		"_ZN4absl12lts_2023080218container_internal12raw_hash_setINS1_17FlatHashMapPolicyIiiEENS0_13hash_internal4HashIiEESt8equal_toIiESaISt4pairIKiiEEE6resizeEm",
		"_ZNSt6thread11_State_implINS_8_InvokerISt5tupleIJZN3app5startEvEUlvE_EEEEE6_M_runEv", "_ZThn8_N1B1fEv", "_ZTIN2ns1AIiEE", "_ZN2nsL6staticE", "_ZNSaIcEC1Ev", "_ZSt4moveIRiEONSt16remove_referenceIT_E4typeEOS2_", "_ZN5boost4asio6detail12posix_thread4funcIZN3app3runEiEUlvE_E3runEv",
	})
}

func genericNames() *builder {
	return named([]string{
		"main.Map[go.shape.int,go.shape.string]", "main.Map[...]", "sync.OnceValue[go.shape.func(*int, bool)].func3", "slices.SortFunc[go.shape.[]string,go.shape.string]",
		"main.(*Tree[go.shape.struct { X int; Y []func(a int) string }]).Insert", "main.(*Tree[...]).Walk.func1", "iter.Pull[go.shape.struct { Key int; Value map[string]int }].func1.1",
		"main.F[go.shape.interface { Do(int) (string, error) }]", "maps.(*Iter[go.shape.*uint8]).Next", "main.glob..func1", "main.init.0", "main.main.func1.2", "main.T.Method-fm", "type:.eq.main.T",
		"go.(*struct { sync.Mutex; main.x int }).Lock", "main.A[go.shape.[]chan<- int]", "main.B[go.shape.<-chan struct {}]", "main.C[main.D[main.E[int]]]", "github.com/a.b/c%2ed.F", "gopkg.in/yaml%2ev3.Unmarshal",
		"main.Sum[go.shape.int_0]", "main.x<y", "main.(*P[...]).m::n", "vendor/golang.org/x/net/http2.(*serverConn).serve",
	})
}

func javaNames() *builder {
	return named([]string{
		"com.example.Foo.bar", "com.example.Foo$Inner.baz(int, java.lang.String)", "java.util.HashMap.put(Object;Object)Object", "Lcom/example/App;.main([Ljava/lang/String;)V", "com.example.Foo$$Lambda$14/0x0000000800c03000.run",
		"sun.reflect.GeneratedMethodAccessor12.invoke", "void com.example.Gen.<init>(java.util.List<? extends T>)", "com.example.Foo.<clinit>", "java.lang.Thread.run", "[Unknown]", "java.lang.Object[] com.Foo.arr(int[])", "a.b.c.d.e.f.g.H.method",
	})
}

func hostileNames() *builder {
	b := named([]string{
		"quote\"inside", "back\\slash", "new\nline", "tab\there", "esc\x1b[31mred", "<script>alert(1)</script>", "amp&amp;", "percent%d%s", "unicode·µ世界", "bad\xff\xfeutf8", "  spaces  ", "{braces}|bar", "semi;colon", "colon:colon", "'single'", "null\x00byte",
		strings.Repeat("long", 100), "carriage\rreturn", "[label=\"x\"]", "…", "a -> b", "/* c */", "// d", "#e", "$HOME", "`tick`", "\u202ertl",
	})
	text(b.Sample[3], "key\"q", "value\\n\"x\"", "new\nline")
	text(b.Sample[5], "<b>", "</b>")
	b.Comments = []string{"plain", "# hidden", "with \"quotes\"", "two\nlines"}
	b.Mapping[0].File = "/srv/we\"ird/na\\me.bin"
	return b
}

func paths() *builder {
	b := started("samples/count")
	for i, file := range []string{"/abs/path/to/file.go", "relative/dir/file.go", "./dot/file.go", "../up/file.go", "/a/./b/../c/file.go", "/proc/self/cwd/work/file.go", `C:\Users\me\file.go`, "file.go", "", "/", "dir/",
		"/home/u/go/pkg/mod/github.com/!burnt!sushi/toml@v1.2.3/decode.go", "github.com/x/y@v1.0.0/z.go", "/usr/lib/go/src/runtime/proc.go", "/build/app/src/main.go", "//double//slash.go", "with space/file name.go", "_cgo_gotypes.go", "<autogenerated>", "??"} {
		f := b.function(fmt.Sprintf("pkg.F%d", i), "", file, int64(i))
		b.addAt([]*profile.Location{b.place(0, profile.Line{Function: f, Line: int64(10 * i)}), b.location("main.main@/build/app/src/main.go:10")}, int64(i+1))
	}
	return b
}

func negative() *builder {
	b := started("objects/count", "space/bytes")
	b.add("app.grow@a.go:1 ; main.main@main.go:1", 5, 4096)
	b.add("app.shrink@a.go:2 ; main.main@main.go:1", -7, -8192)
	b.add("app.same@a.go:3 ; main.main@main.go:2", 4, 1024)
	b.add("app.same@a.go:4 ; main.main@main.go:2", -4, -1024)
	b.add("app.grow@a.go:1 ; app.shrink@a.go:9 ; main.main@main.go:1", -1, 12)
	b.add("app.tiny@a.go:7 ; main.main@main.go:3", -1, -1)
	return b
}

func zero() *builder {
	b := started("inuse_objects/count", "inuse_space/bytes", "alloc_objects/count", "alloc_space/bytes")
	b.add("app.a@a.go:1 ; main.main@main.go:1", 0, 0, 3, 300)
	b.add("app.b@a.go:2 ; main.main@main.go:1", 0, 0, 0, 0)
	b.add("app.c@a.go:3 ; main.main@main.go:1", 0, 0, 1, 0)
	return b
}

func empty() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	b.Comments = []string{"nothing here"}
	return b
}

func extreme() *builder {
	b := started("a/count", "b/bytes")
	b.add("app.max@a.go:1 ; main.main@main.go:1", math.MaxInt64/4, math.MaxInt64/4)
	b.add("app.min@a.go:9223372036854775807 ; main.main@main.go:1", math.MinInt64/4, 5)
	b.add("app.big@a.go:-3 ; main.main@main.go:2", 1<<52+1, 1<<53+1)
	b.add("app.one@a.go:4 ; main.main@main.go:2", 1, 1<<40)
	b.Location[0].Address = math.MaxUint64
	b.Location[2].Address = 1 << 63
	return b
}

func textLabels() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	for i := range 24 {
		s := b.add(fmt.Sprintf("app.f%d@f.go:%d ; app.handle@h.go:%d ; main.main@main.go:1", i%5, i, i%3), int64(i+1), int64(i+1)*1e6)
		if i%6 == 0 {
			continue
		}
		text(s, "endpoint", []string{"/api/users", "/api/orders", "/healthz", "GET /x?y=z"}[i%4])
		if i%2 == 0 {
			text(s, "tenant", []string{"red", "green", "blue"}[i%3], "all")
		}
		if i%7 == 0 {
			text(s, "empty", "")
		}
		if i%5 == 0 {
			text(s, "a:b", "c:d", "e=f", "g,h")
		}
	}
	return b
}

func numberLabels() *builder {
	b := started("objects/count", "space/bytes")
	for i := range 30 {
		size := int64(1) << (i % 24)
		s := b.add(fmt.Sprintf("app.f%d@f.go:%d ; app.alloc@alloc.go:%d ; main.main@main.go:1", i%4, i, i%3), int64(i+1), int64(i+1)*size)
		number(s, "bytes", []int64{size})
		if i%3 == 0 {
			number(s, "request", []int64{int64(i) * 1000})
		}
		if i%4 == 0 {
			number(s, "alignment", []int64{8, 16, 64})
		}
		if i%5 == 0 {
			number(s, "thread", []int64{int64(i)})
		}
		if i%9 == 0 {
			number(s, "zero", []int64{0})
		}
	}
	return b
}

func unitLabels() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	units := []string{"milliseconds", "ms", "seconds", "bytes", "kilobytes", "MB", "furlongs", "", "ns", "us", "count", "minutes", "GCU", "hours"}
	for i := range 28 {
		s := b.add(fmt.Sprintf("app.f%d@f.go:%d ; main.main@main.go:1", i%4, i), int64(i+1), int64(i+1)*1e6)
		number(s, "latency", []int64{int64(i * i)}, "milliseconds")
		number(s, "unit"+fmt.Sprint(i%len(units)), []int64{int64(100 * (i + 1))}, units[i%len(units)])
		if i%3 == 0 {
			number(s, "mixed", []int64{5, 6}, []string{"seconds", "bytes"}[i%2], "bytes")
		}
		number(s, "negative", []int64{-int64(i)}, "bytes")
	}
	return b
}

func bothLabels() *builder {
	b := started("objects/count", "space/bytes")
	for i := range 16 {
		s := b.add(fmt.Sprintf("app.f%d@f.go:%d ; main.main@main.go:1", i%4, i), int64(i+1), int64(i+1)*100)
		text(s, "k", fmt.Sprint("v", i%3))
		number(s, "k", []int64{int64(i % 4)}, "kilobytes")
		number(s, "pid", []int64{int64(1000 + i%2)})
	}
	return b
}

func comments() *builder {
	b := one()
	b.Comments = []string{"built by the test", "# not in headers", "second comment", "", "trailing space "}
	b.DocURL = "https://example.com/doc"
	b.TimeNanos = time.Date(2026, 3, 4, 5, 6, 7, 890, time.UTC).UnixNano()
	b.DurationNanos = int64(3 * time.Second)
	return b
}

func duration() *builder {
	b := inlined()
	b.TimeNanos = time.Date(2025, 12, 31, 23, 59, 59, 0, time.UTC).UnixNano()
	b.DurationNanos = int64(61500 * time.Millisecond)
	b.DocURL = "javascript:alert(1)"
	b.Period, b.PeriodType = 10e6, &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}
	return b
}

func dropFrames() *builder {
	b := started("samples/count")
	b.add("malloc@m.c:1 ; operator new(unsigned long)@n.cc:2 ; app.a@a.go:3 ; main.main@main.go:1", 4)
	b.add("malloc@m.c:1 < realloc@m.c:9 ; app.b@a.go:4 ; main.main@main.go:1", 5)
	b.add("app.c@a.go:5 ; malloc@m.c:7 ; main.main@main.go:1", 6)
	b.add("malloc@m.c:8", 7)
	b.add("free(void*)@m.c:9 ; (anonymous namespace)::free@m.c:10 ; main.main@main.go:2", 8)
	b.DropFrames = "malloc|realloc|operator new|free|.*::free"
	return b
}

func keepFrames() *builder {
	b := dropFrames()
	b.DropFrames, b.KeepFrames = "malloc|app.*", "app\\.a|realloc"
	return b
}

func recursion() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	b.add("app.fib@fib.go:5 ; app.fib@fib.go:6 ; app.fib@fib.go:6 ; app.fib@fib.go:7 ; main.main@main.go:3", 10, 100e6)
	b.add("app.even@eo.go:2 ; app.odd@eo.go:8 ; app.even@eo.go:3 ; app.odd@eo.go:8 ; main.main@main.go:4", 7, 70e6)
	b.add("app.odd@eo.go:9 ; app.even@eo.go:3 ; app.odd@eo.go:8 ; main.main@main.go:4", 3, 30e6)
	b.add("app.fib@fib.go:5 < app.fib@fib.go:6 ; app.fib@fib.go:5 < app.fib@fib.go:6 ; main.main@main.go:3", 2, 20e6)
	b.add("app.self@s.go:1 ; app.self@s.go:1 ; app.self@s.go:1", 1, 10e6)
	return b
}

func deep() *builder {
	b := started("samples/count")
	frames := []string{}
	for i := range 400 {
		frames = append(frames, fmt.Sprintf("app.level%d@deep.go:%d", i%150, i))
	}
	for i := range 12 {
		b.add(strings.Join(frames[i*20:], " ; "), int64(i+1))
	}
	return b
}

func wide() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	for i := range 400 {
		value := int64(1 + (i*7919)%997)
		b.add(fmt.Sprintf("app.leaf%d@leaf.go:%d ; app.mid%d@mid.go:%d ; app.top%d@top.go:%d ; main.main@main.go:%d", i%211, i, i%37, i%91, i%7, i%13, i%3), value, value*1e5)
	}
	return b
}

func timeUnits() *builder {
	b := started("t1/nanoseconds", "t2/microseconds", "t3/milliseconds", "t4/seconds", "t5/minutes", "t6/hours", "t7/days", "t8/ns", "t9/s", "t10/hrs")
	for i := range 8 {
		v := int64(1)
		values := make([]int64, 10)
		for k := range values {
			values[k] = v * int64(i*i*i+1)
			v *= 37
		}
		b.add(fmt.Sprintf("app.f%d@f.go:%d ; main.main@main.go:1", i, i), values...)
	}
	return b
}

func oddUnits() *builder {
	b := started("a/bytes", "b/kilobytes", "c/MB", "d/TiB", "e/GCU", "f/n*gcu", "g/percent", "h/", "i/Bytes", "j/COUNT", "k/gb", "l/pb", "m/kB")
	for i := range 7 {
		values := make([]int64, 13)
		for k := range values {
			values[k] = int64(1+i) * int64(1+k*k*k*k*k)
		}
		b.add(fmt.Sprintf("app.f%d@f.go:%d ; main.main@main.go:1", i, i), values...)
	}
	return b
}

func defaultType() *builder {
	b := heapLike()
	b.DefaultSampleType = "alloc_objects"
	return b
}

func contention() *builder {
	b := started("contentions/count", "delay/nanoseconds")
	for i := range 10 {
		b.add(fmt.Sprintf("sync.(*Mutex).Unlock@mutex.go:%d ; app.f%d@f.go:%d ; main.main@main.go:1", 200+i%2, i%4, i), int64(i+1), int64(i*i+1)*12345678)
	}
	return b
}

func heapLike() *builder {
	b := started("alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes")
	for i := range 40 {
		size := int64(16) << (i % 10)
		allocs, live := int64(100+i*13), int64(i%4*i)
		s := b.add(fmt.Sprintf("app.new%d@new.go:%d ; app.store%d@store.go:%d < app.put@put.go:9 ; app.serve@serve.go:%d ; main.main@main.go:1", i%9, i, i%5, i%11, i%2), allocs, allocs*size, live, live*size)
		number(s, "bytes", []int64{size}, "bytes")
	}
	b.PeriodType, b.Period = &profile.ValueType{Type: "space", Unit: "bytes"}, 524288
	b.TimeNanos = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).UnixNano()
	return b
}

func folded() *builder {
	b := inlined()
	for i, l := range b.Location {
		l.IsFolded = i%2 == 0
	}
	return b
}

func sameNames() *builder {
	b := started("samples/count")
	for i := range 12 {
		f := b.function("pkg.Same", fmt.Sprint("sys", i%2), fmt.Sprintf("dir%d/same.go", i%3), int64(i%4))
		b.addAt([]*profile.Location{b.place(0, profile.Line{Function: f, Line: int64(i % 5)}), b.location("main.main@main.go:1")}, int64(i+1))
	}
	return b
}

func ties() *builder {
	b := started("samples/count")
	for i := range 30 {
		b.add(fmt.Sprintf("app.t%02d@t.go:%d ; app.u%d@u.go:%d ; main.main@main.go:1", (i*17)%30, i, i%3, i), 10)
	}
	return b
}

func one() *builder {
	b := started("samples/count")
	b.add("app.only@only.go:3 ; main.main@main.go:1", 1)
	return b
}

// listed has the source files that sources writes.
func listed() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	b.add("app.Sum@src/app/sum.go:9 ; app.Run@src/app/run.go:12 ; main.main@src/app/main.go:6", 12, 120e6)
	b.add("app.Sum@src/app/sum.go:10 ; app.Run@src/app/run.go:12 ; main.main@src/app/main.go:6", 8, 80e6)
	b.add("app.add@src/app/sum.go:4 < app.Sum@src/app/sum.go:10 ; app.Run@src/app/run.go:13 ; main.main@src/app/main.go:6", 5, 50e6)
	b.add("app.Run@src/app/run.go:30 ; main.main@src/app/main.go:7", 2, 20e6)
	b.add("app.Gone@src/app/gone.go:3 ; main.main@src/app/main.go:7", 1, 10e6)
	b.add("app.Far@/build/module/src/app/sum.go:900 ; main.main@/build/module/src/app/main.go:8", 1, 10e6)
	b.add("app.Crlf@src/app/crlf.go:2 ; app.Run@src/app/run.go:14 ; main.main@src/app/main.go:6", 3, 30e6)
	return b
}

func listedRecursive() *builder {
	b := started("samples/count", "cpu/nanoseconds")
	b.add("app.Sum@src/app/sum.go:9 ; app.Sum@src/app/sum.go:10 ; app.Sum@src/app/sum.go:10 ; main.main@src/app/main.go:6", 12, 120e6)
	b.add("app.Sum@src/app/sum.go:9 ; app.Run@src/app/run.go:12 ; app.Sum@src/app/sum.go:11 ; main.main@src/app/main.go:6", 4, 40e6)
	return b
}

func residual() *builder {
	b := started("samples/count")
	for i := range 50 {
		b.add(fmt.Sprintf("app.hot@hot.go:1 ; app.small%d@s.go:%d ; app.big@big.go:1 ; main.main@main.go:1", i, i), 100)
		b.add(fmt.Sprintf("app.cold%d@c.go:%d ; app.big@big.go:2 ; main.main@main.go:1", i, i), 1)
	}
	b.add("app.hot@hot.go:2 ; app.big@big.go:1 ; main.main@main.go:1", 5000)
	return b
}

func someUnsymbolized() *builder {
	b := inlined()
	b.mapping("/usr/lib/libnosym.so", 0x7f1000000000, 0x7f1000100000, "").HasFunctions = false
	bare, bare2 := b.place(1), b.place(0)
	for i, s := range b.Sample {
		if i%2 == 0 {
			s.Location = append([]*profile.Location{bare, bare2}, s.Location...)
		}
	}
	return b
}

func strippedLines() *builder {
	b := inlined()
	for _, l := range b.Location {
		for i := range l.Line {
			l.Line[i].Line = 0
		}
	}
	b.Mapping[0].HasLineNumbers = false
	return b
}

func startLines() *builder {
	b := started("samples/count")
	for i := range 8 {
		f := b.function(fmt.Sprint("app.s", i%4), "", "s.go", int64(10*(i%2)))
		b.addAt([]*profile.Location{b.place(0, profile.Line{Function: f, Line: int64(10 + i)}), b.location("main.main@main.go:1")}, int64(i+1))
	}
	return b
}
