// A program that holds every kind of object the walk must understand, and knows the truth about its heap.
//
// It builds them, collects twice, prints runtime.MemStats on one line of JSON and stops itself (SIGSTOP), so
// that a capture sees the heap those numbers describe. With -churn it runs on under load instead.
package main

import (
	"container/list"
	"container/ring"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unique"
	"unsafe"
	"weak"
)

type node struct {
	left, right *node
	value       uint64
	payload     *[32]byte
}

type item struct {
	number int
	text   string
	owner  *user
}

type base struct {
	id    int
	notes []string
}

type user struct {
	base
	name  string
	tags  []string
	next  *user
	attrs map[string]any
	blob  []byte
}

type pair[K comparable, V any] struct {
	key   K
	value V
	next  *pair[K, V]
}

type wide struct { // 2 KiB with a malloc header
	nodes  [64]*node
	counts [64]int
	texts  [64]string
}

type huge struct { // 320 KB: its pointer mask is made on demand
	cells [20000]struct {
		number int
		node   *node
	}
}

type bigKey [20]uint64  // 160 bytes: maps keep it behind a pointer
type bigValue [40]*node // 320 bytes

type shape interface{ area() float64 }
type square struct{ side float64 }
type named struct{ *item }

func (s square) area() float64 { return s.side * s.side }
func (n *named) area() float64 { return float64(n.number) }

type contextKey string

// Everything hangs here; the tests know these names.
var (
	users      = map[string]*user{}
	ids        = map[int]struct{}{}
	sessions   = map[string]map[string]any{}
	byNumber   = map[int]*node{}
	floats     = map[float64][4]int{}
	bigKeys    = map[bigKey]*item{}
	bigValues  = map[int32]bigValue{}
	byPointer  = map[*item]bool{}
	byShape    = map[shape]int{}
	emptied    = map[string][]byte{}
	tree       *node
	blobs      [][]byte
	items      []*item
	wides      []*wide
	huges      []*huge
	values     []user
	anything   []any
	shapes     []shape
	funcs      []func(int) int
	pairs      *pair[string, *node]
	numbers    *pair[int, [3]float64]
	names      []unique.Handle[string]
	weaks      []weak.Pointer[item]
	finalized  []*item
	cleaned    []*item
	channels   []chan *item
	structs    chan item
	timers     []*time.Timer
	tickers    []*time.Ticker
	contexts   []context.Context
	errs       []error
	lru        = list.New()
	circle     = ring.New(100)
	mutexes    []*sync.Mutex
	tiny       []*int32
	atomics    atomic.Pointer[user]
	config     atomic.Value
	pool       = sync.Pool{New: func() any { b := make([]byte, 16<<10); return &b }}
	registry   sync.Map
	once       sync.Once
	static     = &user{name: "static", attrs: map[string]any{"a": &node{}}}
	staticList = []*item{{number: 1}, {number: 2, owner: static}}
	sum        atomic.Int64
)

func makeTree(depth int, value *uint64) *node {
	if depth == 0 {
		return nil
	}
	*value++
	n := &node{value: *value}
	if *value%4 == 0 {
		n.payload = new([32]byte)
	}
	n.left = makeTree(depth-1, value)
	n.right = makeTree(depth-1, value)
	return n
}

func fillMaps(n int) {
	for i := range n / 16 {
		u := &user{base: base{id: i, notes: []string{fmt.Sprint("note", i)}}, name: fmt.Sprintf("user-%09d", i),
			tags: []string{"a", "b"}}
		if i%8 == 0 {
			u.blob = make([]byte, 600)
		}
		users[fmt.Sprintf("key:%d:%x", i, i*2654435761)] = u
	}
	for i := range n / 10 {
		ids[i*7] = struct{}{}
	}
	for i := range n / 60 {
		m := map[string]any{"id": i, "name": fmt.Sprintf("n%d", i), "score": float64(i) * 1.5, "tags": []int{1, 2, 3}}
		if i%50 == 0 {
			for j := range 20 {
				m[fmt.Sprintf("x%d", j)] = &item{number: j}
			}
		}
		sessions[fmt.Sprintf("session-%d", i)] = m
	}
	for i := range n / 40 {
		byNumber[i] = &node{value: uint64(i)}
		floats[float64(i)] = [4]int{i}
		it := &item{number: i}
		byPointer[it] = true
		byShape[&named{it}] = i
		byShape[square{float64(i)}] = i
		emptied[fmt.Sprint("gone", i)] = make([]byte, 100)
	}
	for i := range n / 400 {
		bigKeys[bigKey{uint64(i)}] = &item{number: i}
		bigValues[int32(i)] = bigValue{&node{value: uint64(i)}}
	}
	for k := range emptied {
		if len(emptied) > 3 {
			delete(emptied, k)
		}
	}
}

func fillSlices(n int) {
	var value uint64
	depth := 1
	for 1<<depth < n/4 {
		depth++
	}
	tree = makeTree(depth, &value)
	for i := range n / 40 {
		blobs = append(blobs, make([]byte, 300+i%600))
		items = append(items, &item{number: i, text: "constant"})
		values = append(values, user{base: base{id: i}, name: fmt.Sprint("value", i), next: static})
		tiny = append(tiny, new(int32))
		anything = append(anything, i+1000, fmt.Sprint(i), &node{}, []int{1}, struct{ a, b *node }{&node{}, nil}, square{2})
		shapes = append(shapes, square{float64(i)}, &named{&item{number: i}})
		captured := &item{number: i}
		funcs = append(funcs, func(x int) int { return x + captured.number + len(items) })
		pairs = &pair[string, *node]{fmt.Sprint("p", i), &node{}, pairs}
		numbers = &pair[int, [3]float64]{i, [3]float64{}, numbers}
	}
	for i := range n / 2000 {
		w := &wide{}
		w.nodes[i%64] = &node{}
		w.texts[i%64] = fmt.Sprint("w", i)
		wides = append(wides, w)
	}
	for range 1 + n/500000 {
		h := &huge{}
		for j := 0; j < len(h.cells); j += 10 {
			h.cells[j].node = &node{value: 7}
		}
		huges = append(huges, h)
	}
}

func fillLibrary(n int) {
	for i := range n / 100 {
		names = append(names, unique.Make(fmt.Sprint("name", i)))
		lru.PushBack(&item{number: i})
		circle.Value = &item{number: i}
		circle = circle.Next()
		mutexes = append(mutexes, new(sync.Mutex))
		registry.Store(fmt.Sprint("entry", i), &item{number: i})
		errs = append(errs, fmt.Errorf("error %d: %w", i, errors.New("inner")))

		kept := &item{number: i, text: fmt.Sprint("weak", i)}
		items = append(items, kept)
		weaks = append(weaks, weak.Make(kept), weak.Make(&item{number: -i, owner: &user{}}))

		f := &item{number: i, owner: &user{name: "of a finalized item"}}
		runtime.SetFinalizer(f, func(x *item) { sum.Add(int64(x.number)) })
		finalized = append(finalized, f)

		c := &item{number: i}
		note := fmt.Sprint("cleanup", i)
		runtime.AddCleanup(c, func(text string) { sum.Add(int64(len(text))) }, note)
		cleaned = append(cleaned, c)

		buffer := pool.Get().(*[]byte)
		pool.Put(buffer)
	}
	for range 8 {
		pool.Put(pool.New())
	}
	atomics.Store(&user{name: "atomic"})
	config.Store(map[string]int{"a": 1})
	once.Do(func() {})
	structs = make(chan item, 64)
	for i := range 50 {
		structs <- item{number: i, text: fmt.Sprint("struct", i)}
	}
}

type connection struct {
	ctx      context.Context
	buffer   []byte
	queue    chan *item
	callback func(int) int
}

//go:noinline
func serve(c *connection, local []byte, done chan struct{}) {
	onlyHere := map[int]string{1: "local"}
	add := func(x int) int { return x + len(local) + len(onlyHere) }
	c.callback = add
	defer func() { sum.Add(int64(len(local))) }()
	<-done
	sum.Add(int64(add(1) + len(onlyHere)))
}

//go:noinline
func deferring(depth int, kept *item, done chan struct{}) {
	if depth > 0 {
		for i := range 2 {
			defer func() { sum.Add(int64(kept.number + i)) }()
		}
		deferring(depth-1, &item{number: depth}, done)
		return
	}
	defer func() {
		recovered := recover()
		<-done
		sum.Add(int64(len(fmt.Sprint(recovered))))
	}()
	panic(&item{number: 99, text: "panicking"})
}

func startGoroutines(count int) {
	done := make(chan struct{})
	for i := range count {
		ctx := context.WithValue(context.Background(), contextKey("request"), &user{name: fmt.Sprint("context", i)})
		ctx = context.WithValue(ctx, contextKey("buffer"), make([]byte, 4096))
		ctx, cancel := context.WithCancel(ctx)
		_ = cancel
		contexts = append(contexts, ctx)
		c := &connection{ctx: ctx, buffer: make([]byte, 1024), queue: make(chan *item, 16)}
		for j := range 10 {
			c.queue <- &item{number: j, text: fmt.Sprint("item", j)}
		}
		channels = append(channels, c.queue)
		go serve(c, make([]byte, 2048), done)
		if i%50 == 0 {
			go deferring(5, &item{number: i}, done)
			go waiters(i, done)
		}
		if i%10 == 0 {
			timers = append(timers, time.AfterFunc(time.Hour, func() { sum.Add(int64(len(c.buffer))) }), time.NewTimer(time.Hour))
			tickers = append(tickers, time.NewTicker(time.Hour))
		}
	}
	go func() { <-make(chan int); close(done) }()
}

// Goroutines that nobody can wake: on a channel, a mutex, a condition and a wait group of their own.
func waiters(i int, done chan struct{}) {
	switch i / 50 % 5 {
	case 0:
		go func() { <-make(chan *item) }()
	case 1:
		m := &struct {
			sync.Mutex
			kept *item
		}{kept: &item{number: i}}
		m.Lock()
		go func() { m.Lock(); sum.Add(int64(m.kept.number)) }()
	case 2:
		c := sync.NewCond(new(sync.Mutex))
		go func() { c.L.Lock(); c.Wait() }()
	case 3:
		w := &struct {
			sync.WaitGroup
			kept *item
		}{kept: &item{}}
		w.Add(1)
		go func() { w.Wait(); sum.Add(int64(w.kept.number)) }()
	case 4:
		a, b := make(chan item), make(chan *node)
		go func() {
			select {
			case a <- item{number: i}:
			case <-b:
			}
		}()
	}
	<-done
}

//go:noinline
func churn(number int) {
	var local []*item
	cache := map[string]*item{}
	for i := 0; ; i++ {
		local = append(local, &item{number: i, text: fmt.Sprint("churn", i), owner: &user{name: "u"}})
		cache[fmt.Sprint(i%1000)] = local[len(local)-1]
		if len(local) > 5000 {
			local = []*item{local[len(local)-1]}
		}
		switch i % 1000 {
		case 10:
			answer := make(chan *node)
			go func() { answer <- makeTree(6, new(uint64)) }()
			sum.Add(int64((<-answer).value))
		case 20:
			h := &huge{}
			h.cells[i%20000].node = &node{}
			local[0].owner.blob = make([]byte, 40000)
			sum.Add(int64(h.cells[i%20000].node.value))
		case 30:
			f := &item{number: i, owner: &user{}}
			runtime.SetFinalizer(f, func(x *item) { sum.Add(1) })
			runtime.AddCleanup(&item{text: "x"}, func(int) { sum.Add(1) }, 1)
		case 40:
			func() {
				defer func() { sum.Add(int64(len(fmt.Sprint(recover())))) }()
				panic(local[0])
			}()
		case 50:
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			<-ctx.Done()
			cancel()
		}
		if number == 0 && i%20000 == 0 {
			runtime.GC()
		}
	}
}

type truth struct {
	Go                            string
	HeapObjects, HeapAlloc, Total uint64
	Goroutines                    int
	Unused                        uintptr
}

func main() {
	size := flag.Int("n", 60000, "about how many objects of each kind")
	goroutines := flag.Int("g", 2000, "goroutines that wait")
	busy := flag.Int("churn", 0, "goroutines that allocate for ever; 0: stop after two collections")
	gogc := flag.Int("gogc", 100, "GOGC")
	seconds := flag.Int("seconds", 120, "life of the program")
	flag.Parse()
	debug.SetGCPercent(*gogc)
	time.AfterFunc(time.Duration(*seconds)*time.Second, func() { os.Exit(0) })
	fillMaps(*size)
	fillSlices(*size)
	fillLibrary(*size)
	startGoroutines(*goroutines)
	time.Sleep(300 * time.Millisecond)
	out := json.NewEncoder(os.Stdout)
	if *busy > 0 {
		for i := range *busy {
			go churn(i)
		}
		out.Encode(truth{Go: runtime.Version()})
		select {}
	}
	var stats runtime.MemStats
	debug.SetGCPercent(-1)
	out.Encode(truth{}) // what encoding needs is there before the count
	runtime.GC()
	runtime.GC()
	time.Sleep(200 * time.Millisecond) // packages such as unique tidy up after a collection
	runtime.ReadMemStats(&stats)
	told := truth{Go: runtime.Version(), HeapObjects: stats.HeapObjects, HeapAlloc: stats.HeapAlloc, Goroutines: runtime.NumGoroutine(), Unused: unsafe.Sizeof(stats)}
	pause := syscall.Timespec{Nsec: 300e6} // the signal takes a moment to arrive
	syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
	syscall.Nanosleep(&pause, nil)
	out.Encode(told)
	select {}
}
