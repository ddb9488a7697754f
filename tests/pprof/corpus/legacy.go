package corpus

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const memoryMap = `
MAPPED_LIBRARIES:
00400000-00480000 r-xp 00000000 fd:01 1234   /srv/app/legacy
00480000-00490000 rw-p 00080000 fd:01 1234   /srv/app/legacy
7f0000000000-7f0000100000 r-xp 00001000 08:01 77 /usr/lib/libc.so.6
ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0 [vsyscall]
`

var texts = map[string]string{
	"heap":          "heap profile: 4: 4096 [ 4: 4096] @ heap/1048576\n1: 1024 [1: 1024] @ 0x400100 0x400200 0x400300\n2: 2048 [2: 2048] @ 0x400101 0x400200 0x400300\n1: 1024 [1: 1024] @ 0x7f0000000123\n" + memoryMap,
	"heap-alloc":    "heap profile: 3: 3000 [ 90: 90000] @ heap/1048576\n1: 1000 [30: 30000] @ 0x400100 0x400200\n2: 2000 [60: 60000] @ 0x400110 0x400200\n0: 0 [5: 80] @ 0x400120\n# comment\n\n# runtime.MemStats\n# Alloc = 12\n",
	"heap-v2":       "heap profile:    10:   10240 [    10:   10240] @ heap_v2/524288\n     5:    5120 [     5:    5120] @ 0x400100 0x400200\n     5:    5120 [     5:    5120] @ 0x400300 0x400200\n" + memoryMap,
	"heapz-v2":      "heap profile: 10: 10240 [ 20: 20480] @ heapz_v2/524288\n 5: 5120 [ 10: 10240] @ 0x400100 0x400200\n 5: 5120 [ 10: 10240] @ 0x400300 0x400200\n" + memoryMap,
	"heapprofile":   "heap profile: 3: 300 [ 6: 600] @ heapprofile\n 1: 100 [ 2: 200] @ 0x400100 0x400200\n 2: 200 [ 4: 400] @ 0x400300\n" + memoryMap,
	"heap-negative": "heap profile: 3: 300 [ 3: 300] @ heapprofile\n -1: -100 [ 2: 200] @ 0x400100\n 2: 200 [ 4: 400] @ 0x400300\n",
	"heap-rate-1":   "heap profile: 3: 300 [ 3: 300] @ heap/2\n 1: 100 [ 1: 100] @ 0x400100\n 2: 200 [ 2: 200] @ 0x400300\n",
	"growth":        "heap profile:     2:  2097152 [     2:  2097152] @ growthz\n     1:  1048576 [     1:  1048576] @ 0x400100 0x400200\n     1:  1048576 [     1:  1048576] @ 0x400200\n" + memoryMap,
	"fragmentation": "heap profile:     2:  2097152 [     2:  2097152] @ fragmentationz\n     1:  1048576 [     1:  1048576] @ 0x400100 0x400200\n",
	"goroutine":     "goroutine profile: total 7\n4 @ 0x400100 0x400200 0x400300\n#\t0x400100\tmain.a+0x10\t/src/main.go:12\n\n3 @ 0x400110 0x400300\n#\t0x400110\tmain.b+0x10\t/src/main.go:22\n\n",
	"threadcreate":  "threadcreate profile: total 3\n2 @ \n1 @ 0x400100 0x400200\n",
	"custom-count":  "# leading comment\n\nmy/custom.profile profile: total 5\n2 @ 0x400100 0x400200\n3 @ 0x400110\n---\nignored\n" + memoryMap,
	"contention":    "--- contention:\ncycles/second=2400000000\nsampling period=100\nms since reset=5000\ndiscarded samples=0\n  240000 5 @ 0x400100 0x400200\n  480000 2 @ 0x400110 0x400200\n",
	"contentionz":   "--- contentionz 1 ---\ncycles/second = 3201000000\nsampling period = 100\nms since reset = 16502830\ndiscarded samples = 0\n 19490304 27 @ 0x400100 0x400200\n 768 1 @ 0x400110\n" + memoryMap,
	"mutex":         "--- mutex:\ncycles/second=1000000000\nsampling period=1\n5000 5 @ 0x400100 0x400200\n700 2 @ 0x400110\n",
	"threadz":       "--- threadz 1 ---\n\n--- Thread 7f794ab90940 (name: main/14748) stack: ---\n  PC:  0x0000000000bc8f1c: helper(arg *)\n  0x0000000000400100: one\n  0x0000000000400200: two\n--- Thread 7f794a38f940 (name: thread1/14749) stack: ---\n  0x0000000000400110: three\n    [same as previous thread]\n--- Thread 7f7949b8e940 (name: thread2/14750) stack: ---\n [same as previous thread]\n--- Memory map: ---\n  00400000-00fcb000: cppbench_server_main\n  7f794abea000-7f794ac00000: /lib/libm.so (@1000) abc123\n",
	"jemalloc":      "heap_v2/524288\n  t*: 10: 10240 [0: 0]\n  t3: 10: 10240 [0: 0]\n@ 0x400100 0x400200\n  t*: 5: 5120 [0: 0]\n  t3: 5: 5120 [0: 0]\n",
	"jemalloc-old":  "heap profile:    10:   10240 [    10:   10240] @ heap_v2/524288\n  5: 5120 [ 5: 5120] @ 0x400100 0x400200\n\nMAPPED_LIBRARIES:\n00400000-00480000 r-xp 00000000 fd:01 1234 /srv/app/je\n",
	"java-heap":     "--- heapz 1 ---\nformat = java\nresolution = bytes\n    7048    2 @ 0x00000003 0x00000004\n  463752    3 @ 0x00000005 0x00000003\n\n 0x00000003 com.example.Foo.bar (Foo.java:12)\n 0x00000004 com.example.Main.main (Main.java:-1)\n 0x00000005 java.util.X.y (/usr/lib/jvm/libjava.so)\n 0x00000006 unused\n",
	"java-lock":     "--- contentionz 1 ---\nformat = java\nresolution = microseconds\nsampling period = 100\nms since reset = 6019923\n            1     1 @ 0x00000003 0x00000004\n           14     1 @ 0x00000005\n\n 0x00000003 com.example.Foo.bar (Foo.java:12)\n 0x00000004 GC\n 0x00000005 generated stub/JIT\n",
	"folded":        "main;work;leaf 10\nmain;work 5\nmain;other;leaf 3\n",
	"heap-broken":   "heap profile: 3: 300 [ 3: 300] @ heap/2\n 1: x [ 1: 100] @ 0x400100\n",
	"heap-count0":   "heap profile: 3: 300 [ 3: 300] @ heap/2\n 0: 100 [ 1: 100] @ 0x400100\n",
	"heap-overflow": "heap profile: 3: 300 [ 3: 300] @ heap/2\n 1: 99999999999999999999 [ 1: 100] @ 0x400100\n",
	"heap-address":  "heap profile: 3: 300 [ 3: 300] @ heap/2\n 1: 100 [ 1: 100] @ 0x40010000000000000000000\n",
	"heap-only":     "heap profile: 0: 0 [ 0: 0] @ heap/1048576\n",
	"heap-other":    "heap profile: 0: 0 [ 0: 0] @ heapother/1048576\n",
	"count-broken":  "goroutine profile: total 2\n1 @ 0x1\nwhat\n",
	"count-big":     "goroutine profile: total 2\n99999999999999999999 @ 0x1\n",
	"lock-format":   "--- contention:\nformat=java\n",
	"maps-attr":     "heap profile: 1: 100 [ 1: 100] @ heapprofile\n 1: 100 [ 1: 100] @ 0x400100\nMAPPED_LIBRARIES:\nbuild=/srv/prefix\nI0102 x.cc:12] 00400000-00480000 r-xp 00000000 fd:01 1234 $build/app\n",
	"maps-brief":    "goroutine profile: total 1\n1 @ 0x40100 0x90100 0xdeadbeef\n--- Memory map: ---\n0x40000-0x80000 /path/to/binary (@FF00) abc123456\n90000-a0000 r-xp /path/lib\nb0000-c0000\n",
	"maps-huge":     "heap profile: 1: 100 [ 1: 100] @ heapprofile\n 1: 100 [ 1: 100] @ 0x400100\nMAPPED_LIBRARIES:\n00400000-00600000 r-xp 00000000 00:00 0 /anon_hugepage (deleted)\n00600000-00800000 r-xp 00200000 fd:01 1234 /srv/app/huge\n",
	"crlf":          "heap profile: 1: 100 [ 1: 100] @ heapprofile\r\n 1: 100 [ 1: 100] @ 0x400100\r\n",
}

// gperftools is the binary CPU profile of C++ programs: words, then the memory map.
func gperftools(word func(b []byte, v uint64) []byte, java bool, tail string) []byte {
	var b []byte
	put := func(words ...uint64) {
		for _, w := range words {
			b = word(b, w)
		}
	}
	kind := uint64(0)
	if java {
		kind = 1
	}
	put(0, 3, kind, 10000, 0)
	for i := range uint64(20) {
		put(i+1, 3, 0x400100+i%5*16, 0x400200+i%3*16, 0x400300)
	}
	put(4, 1, 0x400500)
	put(2, 4, 0x400100, 0x400101, 0x400200, 0x400300)
	put(0, 1, 0)
	return append(b, tail...)
}

func little64(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }
func little32(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) }
func big64(b []byte, v uint64) []byte    { return binary.BigEndian.AppendUint64(b, v) }
func big32(b []byte, v uint64) []byte    { return binary.BigEndian.AppendUint32(b, uint32(v)) }

func (c *Corpus) legacy() error {
	files := map[string][]byte{}
	for name, text := range texts {
		files["text-"+name] = []byte(text)
	}
	brief := "build=/srv/app\n" + strings.TrimPrefix(memoryMap, "\nMAPPED_LIBRARIES:\n")
	files["cpu-64"] = gperftools(little64, false, brief)
	files["cpu-32"] = gperftools(little32, false, brief)
	files["cpu-big-64"] = gperftools(big64, false, brief)
	files["cpu-big-32"] = gperftools(big32, false, "")
	files["cpu-java"] = gperftools(little64, true, " 0x400100 com.example.Foo.bar (Foo.java:12)\n 0x400200 com.example.Main.main (Main.java:3)\n 0x400300 GC\n")
	files["cpu-cut"] = files["cpu-64"][:333]
	files["cpu-handler"] = handler()
	for _, name := range sortedKeys(files) {
		if err := c.add(&File{Name: name, Legacy: true}, files[name]); err != nil {
			return err
		}
	}
	return c.upstream()
}

// handler is a CPU profile where every stack goes through one frame of the signal handler.
func handler() []byte {
	var b []byte
	for _, w := range []uint64{0, 3, 0, 10000, 0} {
		b = little64(b, w)
	}
	for i := range uint64(70) {
		for _, w := range []uint64{1, 4, 0x400100 + i, 0x400777, 0x400888, 0x400300} {
			b = little64(b, w)
		}
	}
	for _, w := range []uint64{0, 1, 0} {
		b = little64(b, w)
	}
	return append(b, memoryMap[len("\nMAPPED_LIBRARIES:\n"):]...)
}

// upstream takes the profiles that google/pprof tests its own readers with out of the module.
func (c *Corpus) upstream() error {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/pprof").Output()
	if err != nil {
		return fmt.Errorf("go list -m github.com/google/pprof: %w", err)
	}
	folder := filepath.Join(strings.TrimSpace(string(out)), "profile", "testdata")
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".string") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return err
		}
		if err := c.add(&File{Name: entry.Name(), Legacy: true}, content); err != nil {
			return err
		}
	}
	return nil
}
