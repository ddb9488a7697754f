// Package zoo drives the programs of the zoo, so that a test can let one leak, stop the leak, measure it and
// drop it, and so that a demo can let it run alone.
//
// A driver talks to a program line by line. The program answers each command with one line of JSON:
//
//	measure       collects twice, prints what the program holds
//	hold          no further steps: what grows stops growing
//	drop          does what the fix would do, prints what that freed
//	profile FILE  writes the program's own heap profile
//	stop          answers, then stops the process (SIGSTOP) until somebody sends SIGCONT
//	quit          ends the program
//
// The first line, {"event":"ready",...}, is printed when the program has warmed up. It ends by itself when
// standard input does, and after -timeout. With -alone it needs no driver.
package zoo

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Program is what one program of the zoo does. Everything but Drop is optional; all of it is called from the
// main goroutine, one after the other.
type Program struct {
	Warm func() // brings the program to where an engineer would look at it
	Step func() // ordinary work, every 10 ms; what leaks grows here, by about 1 MB/s
	Drop func() // lets go of the leak and of nothing else

	// Between stands for the requests that come in between two collections.
	Between func()

	// Measure is what the leak takes bytes of; nil for the heap.
	Measure *Measure

	steps time.Duration
}

// Measure is a quantity of memory that a program leaks.
type Measure struct {
	Name  string
	Bytes func(Memory) uint64
}

var (
	// Heap: what the heap's objects take.
	Heap = &Measure{"HeapAlloc", func(m Memory) uint64 { return m.HeapAlloc }}
	// HeapAndStacks: goroutines have both.
	HeapAndStacks = &Measure{"HeapAlloc+StackInuse", func(m Memory) uint64 { return m.HeapAlloc + m.StackInuse }}
	// Spans: what objects take with the gaps between them.
	Spans = &Measure{"HeapInuse", func(m Memory) uint64 { return m.HeapInuse }}
	// Resident: what the kernel gave, whoever asked for it.
	Resident = &Measure{"RSS", func(m Memory) uint64 { return m.RSS }}
)

// Memory is the part of runtime.MemStats that tests compare, and the resident set.
type Memory struct {
	HeapAlloc, HeapObjects, HeapInuse, HeapIdle, HeapReleased, HeapSys, StackInuse, Sys, RSS uint64
	NumGC                                                                                    uint32
	Goroutines                                                                               int
}

// Answer is a line that a program prints.
type Answer struct {
	Event   string  `json:"event"` // ready, measure, hold, drop, profile, stop, error
	Ready   bool    `json:"ready,omitempty"`
	PID     int     `json:"pid,omitempty"`
	Go      string  `json:"go,omitempty"`
	Measure string  `json:"measure,omitempty"` // name of the quantity
	Bytes   uint64  `json:"bytes,omitempty"`   // of that quantity, now
	Freed   int64   `json:"freed,omitempty"`   // by drop
	Memory  *Memory `json:"memory,omitempty"`
	Before  *Memory `json:"before,omitempty"` // drop
	Text    string  `json:"text,omitempty"`

	Worked time.Duration `json:"worked_ns,omitempty"` // measure: what the steps so far take on an idle machine
}

const stepEvery = 10 * time.Millisecond

// Run warms the program up and serves its driver until one of the ends that the package comment names.
func Run(p Program) {
	alone := flag.Bool("alone", false, "run without a driver on standard input")
	timeout := flag.Duration("timeout", 2*time.Minute, "end after this long")
	flag.Parse()
	end := time.After(*timeout)
	if p.Measure == nil {
		p.Measure = Heap
	}
	if p.Warm != nil {
		p.Warm()
	}
	answer(Answer{Event: "ready", Ready: true, PID: os.Getpid(), Go: runtime.Version()})

	var commands chan string
	if !*alone {
		commands = make(chan string)
		go listen(commands)
	}
	ticker := time.NewTicker(stepEvery)
	defer ticker.Stop()
	for held := false; ; {
		select {
		case <-end:
			return
		case <-ticker.C:
			if !held && p.Step != nil {
				p.Step()
				p.steps++
			}
		case line, open := <-commands:
			verb, argument, _ := strings.Cut(line, " ")
			if !open || verb == "quit" {
				return
			}
			held = held || verb == "hold" || verb == "drop"
			p.obey(verb, argument)
		}
	}
}

func listen(commands chan<- string) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		commands <- lines.Text()
	}
	close(commands)
}

func (p *Program) obey(verb, argument string) {
	switch verb {
	case "measure":
		now := p.collect()
		answer(Answer{Event: verb, Measure: p.Measure.Name, Bytes: p.Measure.Bytes(now), Memory: &now,
			Worked: p.steps * stepEvery})
	case "hold":
		answer(Answer{Event: verb, Worked: p.steps * stepEvery})
	case "drop":
		before := p.collect()
		p.Drop()
		after := p.collect()
		freed := int64(p.Measure.Bytes(before)) - int64(p.Measure.Bytes(after))
		answer(Answer{Event: verb, Measure: p.Measure.Name, Bytes: p.Measure.Bytes(after), Freed: freed, Memory: &after,
			Before: &before})
	case "profile":
		if err := writeProfile(argument); err != nil {
			answer(Answer{Event: "error", Text: err.Error()})
			return
		}
		answer(Answer{Event: verb})
	case "stop":
		answer(Answer{Event: verb})
		if err := syscall.Kill(os.Getpid(), syscall.SIGSTOP); err != nil {
			answer(Answer{Event: "error", Text: err.Error()})
		}
	default:
		answer(Answer{Event: "error", Text: fmt.Sprintf("no command %q", verb)})
	}
}

// collect runs the collector twice, with time for finalizers in between, and says what is left.
func (p *Program) collect() Memory {
	for range 2 {
		runtime.GC()
		time.Sleep(20 * time.Millisecond)
		if p.Between != nil {
			p.Between()
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Memory{HeapAlloc: m.HeapAlloc, HeapObjects: m.HeapObjects, HeapInuse: m.HeapInuse, HeapIdle: m.HeapIdle,
		HeapReleased: m.HeapReleased, HeapSys: m.HeapSys, StackInuse: m.StackInuse, Sys: m.Sys, RSS: resident(),
		NumGC: m.NumGC, Goroutines: runtime.NumGoroutine()}
}

func resident() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseUint(fields[1], 10, 64)
	return pages * uint64(os.Getpagesize())
}

func writeProfile(name string) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := pprof.WriteHeapProfile(file); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

func answer(a Answer) {
	line, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(append(line, '\n'))
}

// Fill writes bytes that are not zero, as data from a network would be.
func Fill(b []byte) []byte {
	const text = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor. "
	for n := 0; n < len(b); {
		n += copy(b[n:], text)
	}
	return b
}
