// Allocates in every way that a stack can look like, writes its profiles, stops itself, and tells afterwards
// what the runtime counted before and after. Nothing is allocated between the stop and the second count;
// between the first and the stop, a few objects that the processor's cache has not reported yet.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

type tree struct {
	left, right *tree
	name        string
	payload     []byte
}

type maker interface{ make(n int) any }
type small struct{ sizes [3]int }

func (s small) make(n int) any { return make([]byte, n+s.sizes[0]) }

type outer struct{ small }

var (
	kept    []any
	byName  = map[string]*tree{}
	byShape = map[[40]int]*tree{}
	before  runtime.MemStats
	after   runtime.MemStats
)

func inlined(n int) *tree                             { return &tree{payload: make([]byte, n)} }
func twice(n int) *tree                               { return inlined(n * 2) }
func keep[T any](value T)                             { kept = append(kept, value) }
func generic[K comparable](key K, n int) map[K][]byte { return map[K][]byte{key: make([]byte, n)} }

//go:noinline
func deep(n, size int) []byte {
	if n == 0 {
		return make([]byte, size)
	}
	return deep(n-1, size)
}

func allocate() {
	for i := 0; i < 3000; i++ {
		t := twice(700 + i)
		t.name = "tree " + strconv.Itoa(i)
		byName[t.name] = t
		keep(deep(i%200, 900))
		keep(generic(t.name, 300))
		keep(generic(i, 500))
		keep(func() int { return i })
		keep(strings.Repeat("text", 100))
		var m maker = outer{small{[3]int{i, i, i}}}
		keep(m.make(400))
		keep(reflect.MakeSlice(reflect.TypeOf([]int{}), 200, 200).Interface())
		byShape[[40]int{i}] = t
	}
	for i := 0; i < 12; i++ {
		keep(make([]byte, 1<<20))
	}
	for i := 0; i < 2000; i++ {
		_ = strings.Repeat("garbage", 200)
	}
}

func contend() {
	var lock sync.Mutex
	condition := sync.NewCond(&lock)
	var group sync.WaitGroup
	for i := 0; i < 50; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			lock.Lock()
			time.Sleep(100 * time.Microsecond)
			lock.Unlock()
		}()
	}
	group.Wait()
	condition.Broadcast()
	wait := make(chan bool)
	go func() { time.Sleep(10 * time.Millisecond); close(wait) }()
	<-wait
}

func write(name string) {
	file, err := os.Create(name)
	if err != nil {
		panic(err)
	}
	kind := name[strings.LastIndex(name, ".")+1:]
	if err := pprof.Lookup(kind).WriteTo(file, 0); err != nil {
		panic(err)
	}
	file.Close()
}

func main() {
	debug.SetGCPercent(-1)
	runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	contend()
	allocate()
	runtime.GC()
	for i := 0; i < 200; i++ {
		keep(make([]byte, 4000)) // not in the profile yet: the cycle is not over
	}
	runtime.SetMutexProfileFraction(0)
	runtime.SetBlockProfileRate(0)
	for _, kind := range []string{"heap", "block", "mutex"} {
		write(os.Args[1] + "." + kind)
	}
	mapped, err := syscall.Mmap(-1, 0, 16<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(mapped); i += 4096 {
		mapped[i] = 1
	}
	runtime.LockOSThread()
	runtime.ReadMemStats(&before)
	for i := range kept[:8] {
		kept[i] = &[3]int{i}
	}
	// To this thread: sent to the process, another one might take it while this one runs on.
	syscall.Tgkill(syscall.Getpid(), syscall.Gettid(), syscall.SIGSTOP)
	runtime.ReadMemStats(&after)
	out, err := os.Create(os.Args[1] + ".stats")
	if err != nil {
		panic(err)
	}
	json.NewEncoder(out).Encode(map[string]*runtime.MemStats{"a": &after, "b": &before})
	runtime.KeepAlive(kept)
	runtime.KeepAlive(mapped)
}
