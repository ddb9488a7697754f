// A program with goroutines that block in every way: those started with a leak… function can never wake, those
// started with a live… function can.
//
// It collects, stops itself (SIGSTOP) so that a capture sees that state, and when it goes on prints as JSON what
// the runtime's own leak detector says (the goroutineleak profile of Go 1.27), by function; nothing
// where there is no such profile.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const each = 3 // goroutines of every kind

type box struct {
	values chan int
	lock   sync.Mutex
	shared sync.RWMutex
	group  sync.WaitGroup
	cond   *sync.Cond
}

func newBox() *box {
	b := &box{values: make(chan int)}
	b.cond = sync.NewCond(&b.lock)
	b.group.Add(1)
	return b
}

func leakSend(b *box)      { b.values <- 1 }
func leakReceive(b *box)   { <-b.values }
func leakNilSend(*box)     { var none chan int; none <- 1 }
func leakNilReceive(*box)  { var none chan int; <-none }
func leakSelectNone(*box)  { select {} }
func leakWaitGroup(b *box) { b.group.Wait() }
func leakRange(b *box) {
	for range b.values {
	}
}
func leakSelect(b *box) {
	other := make(chan string)
	select {
	case <-b.values:
	case other <- "":
	}
}
func leakLock(b *box) {
	b.lock.Lock()
	b.lock.Lock()
}
func leakReadLock(b *box) {
	b.shared.Lock()
	b.shared.RLock()
}
func leakCond(b *box) {
	b.lock.Lock()
	b.cond.Wait()
}

// Two that wait for each other: nobody else has the channels.
func leakRing(b *box) {
	back := make(chan int)
	go leakRingBack(b, back)
	<-back
	b.values <- 1
}
func leakRingBack(b *box, back chan int) {
	<-b.values
	back <- 1
}

var published []*box // what somebody could still use

func liveGlobal(b *box) { <-b.values }
func liveGroup(b *box)  { b.group.Wait() }
func liveMain(b *box)   { b.values <- 1 }
func liveSleep(*box)    { time.Sleep(time.Hour) }
func liveAfter(*box)    { <-time.After(time.Hour) }
func liveTicker(*box)   { <-time.NewTicker(time.Hour).C }
func liveTimeout(b *box) {
	select {
	case <-b.values:
	case <-time.After(time.Hour):
	}
}
func liveContext(*box) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	<-ctx.Done()
}

// The sleeper will send; until then the receiver waits for it alone.
func liveSender(b *box) {
	go liveReceiver(b)
	time.Sleep(time.Hour)
	b.values <- 1
}
func liveReceiver(b *box) { <-b.values }

// A function that a timer will call has the channel.
func liveFunc(b *box) {
	time.AfterFunc(time.Hour, func() { close(b.values) })
	<-b.values
}
func livePipe(*box) {
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	defer runtime.KeepAlive(w)
	r.Read(make([]byte, 1))
}

func start(run func(*box)) (boxes []*box) {
	for range each {
		b := newBox()
		go run(b)
		boxes = append(boxes, b)
	}
	return boxes
}

//go:noinline
func startAll() []*box {
	for _, run := range []func(*box){leakSend, leakReceive, leakNilSend, leakNilReceive, leakSelectNone, leakWaitGroup,
		leakRange, leakSelect, leakLock, leakReadLock, leakCond, leakRing,
		liveSleep, liveAfter, liveTicker, liveTimeout, liveContext, liveSender, liveFunc, livePipe} {
		start(run)
	}
	published = append(start(liveGlobal), start(liveGroup)...)
	return start(liveMain)
}

var (
	header   = regexp.MustCompile(`^(\d+) @`)
	function = regexp.MustCompile(`^#\t0x[0-9a-f]+\t(main\.[^+]+)\+`)
)

// leaked counts the goroutines of the profile by the outermost function of this program.
func leaked() map[string]int {
	profile := pprof.Lookup("goroutineleak")
	if profile == nil {
		return nil
	}
	var text bytes.Buffer
	if err := profile.WriteTo(&text, 1); err != nil {
		panic(err)
	}
	counts, number, outermost := map[string]int{}, 0, ""
	for _, line := range append(strings.Split(text.String(), "\n"), "") {
		if match := header.FindStringSubmatch(line); match != nil {
			number, _ = strconv.Atoi(match[1])
		} else if match := function.FindStringSubmatch(line); match != nil {
			outermost = match[1]
		} else if line == "" && outermost != "" {
			counts[outermost] += number
			outermost = ""
		}
	}
	return counts
}

func main() {
	held := startAll()
	time.Sleep(200 * time.Millisecond)
	runtime.GC()
	runtime.GC()
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	time.Sleep(50 * time.Millisecond) // the signal stops the process at its next return from the kernel
	json.NewEncoder(os.Stdout).Encode(map[string]any{"each": each, "leaked": leaked()})
	runtime.KeepAlive(held)
}
