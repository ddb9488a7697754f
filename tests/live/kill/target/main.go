// A program that notices what a tracer does to it.
//
// Threads of it block in system calls that a careless tracer interrupts (read of a pipe, nanosleep, futex, poll),
// with all signals masked, so that an EINTR can only come from outside. Another sends the process signals
// and waits until each has arrived. On "count" it prints what it saw, on "exec" it becomes another program.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// Counts is what one line of the program says.
type Counts struct {
	Event       string
	Calls       map[string]int64 // that came back, by system call
	Interrupted map[string]int64 // of those, with EINTR
	Failed      map[string]int64 // with another error
	Sent, Lost  int64            // signals
	Early       int64            // sleeps that ended before their time
}

type caller struct {
	name                       string
	calls, interrupted, failed atomic.Int64
}

var (
	callers           []*caller
	sent, lost, early atomic.Int64
	things            = map[int]*thing{}
	resting           sync.Mutex
	sleepMS, heapMB   = flag.Int("sleep", 20, "milliseconds of a sleep"), flag.Int("heap", 60, "megabytes to hold")
	life              = flag.Duration("timeout", 10*time.Minute, "end after this long")
	futexWord         uint32
)

type thing struct {
	next *thing
	data []byte
}

const (
	sysFutex, sysPpoll = 202, 271 // amd64
)

var touchy = flag.Bool("touchy", false, "also wait with epoll_wait, which returns EINTR after any stop (signal(7))")

// start runs one system call again and again on a thread of its own that takes no signals.
func start(name string, call func() syscall.Errno) {
	c := &caller{name: name}
	callers = append(callers, c)
	go func() {
		runtime.LockOSThread()
		all := ^uint64(0)
		const block = 0
		if _, _, e := syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, block, uintptr(unsafe.Pointer(&all)), 0, 8, 0, 0); e != 0 {
			fmt.Fprintln(os.Stderr, "rt_sigprocmask:", e)
			os.Exit(1)
		}
		for {
			switch e := call(); e {
			case 0, syscall.ETIMEDOUT, syscall.EAGAIN:
			case syscall.EINTR:
				c.interrupted.Add(1)
			default:
				c.failed.Add(1)
			}
			c.calls.Add(1)
		}
	}()
}

func startPipe() {
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		panic(err)
	}
	go func() {
		for i := 0; ; i++ {
			if i%20 == 0 {
				time.Sleep(300 * time.Millisecond) // a read that takes long
			}
			syscall.Write(ends[1], []byte{byte(i)})
			time.Sleep(2 * time.Millisecond)
		}
	}()
	var buffer [1]byte
	start("read", func() syscall.Errno {
		_, _, e := syscall.Syscall(syscall.SYS_READ, uintptr(ends[0]), uintptr(unsafe.Pointer(&buffer[0])), 1)
		return e
	})
}

func startSleeps() {
	length := time.Duration(*sleepMS) * time.Millisecond
	start("nanosleep", func() syscall.Errno {
		span := syscall.NsecToTimespec(int64(length))
		begin := time.Now()
		_, _, e := syscall.Syscall(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&span)), 0, 0)
		if e == 0 && time.Since(begin) < length-time.Millisecond {
			early.Add(1)
		}
		return e
	})
	start("futex", func() syscall.Errno {
		span := syscall.NsecToTimespec(int64(length))
		_, _, e := syscall.Syscall6(sysFutex, uintptr(unsafe.Pointer(&futexWord)), 0, 0, uintptr(unsafe.Pointer(&span)), 0, 0)
		return e
	})
	start("ppoll", func() syscall.Errno {
		span := syscall.NsecToTimespec(int64(length))
		_, _, e := syscall.Syscall6(sysPpoll, 0, 0, uintptr(unsafe.Pointer(&span)), 0, 0, 0)
		return e
	})
}

// startTouchy waits in a system call that a stop does interrupt, so that a test can see that this is noticed.
func startTouchy() {
	epoll, err := syscall.EpollCreate1(0)
	if err != nil {
		panic(err)
	}
	var event syscall.EpollEvent
	start("epoll_wait", func() syscall.Errno {
		_, _, e := syscall.Syscall6(syscall.SYS_EPOLL_WAIT, uintptr(epoll), uintptr(unsafe.Pointer(&event)), 1,
			uintptr(*sleepMS), 0, 0)
		return e
	})
}

// startSignals sends the process a signal and waits for it, again and again.
func startSignals() {
	arrived := make(chan os.Signal, 1)
	signal.Notify(arrived, syscall.SIGUSR1)
	go func() {
		for {
			sent.Add(1)
			syscall.Kill(os.Getpid(), syscall.SIGUSR1)
			select {
			case <-arrived:
			case <-time.After(10 * time.Second):
				lost.Add(1)
			}
			time.Sleep(time.Millisecond)
		}
	}()
}

// startWork allocates, so that collections come and go.
func startWork() {
	for i := range *heapMB * 256 {
		things[i] = &thing{data: make([]byte, 4000)}
	}
	for worker := range 2 {
		go func() {
			var last *thing
			for i := 0; ; i++ {
				last = &thing{next: last, data: make([]byte, 200+worker)}
				if i%1000 == 0 {
					last = nil
					resting.Lock()
					things[i/1000%1000] = &thing{data: make([]byte, 4000)}
					resting.Unlock()
					time.Sleep(time.Millisecond)
				}
			}
		}()
	}
}

func count(event string) Counts {
	c := Counts{Event: event, Calls: map[string]int64{}, Interrupted: map[string]int64{}, Failed: map[string]int64{},
		Sent: sent.Load(), Lost: lost.Load(), Early: early.Load()}
	for _, caller := range callers {
		c.Calls[caller.name] = caller.calls.Load()
		c.Interrupted[caller.name] = caller.interrupted.Load()
		c.Failed[caller.name] = caller.failed.Load()
	}
	return c
}

func main() {
	flag.Parse()
	time.AfterFunc(*life, func() { os.Exit(0) })
	startWork()
	startPipe()
	startSleeps()
	startSignals()
	if *touchy {
		startTouchy()
	}
	time.Sleep(100 * time.Millisecond)
	out := json.NewEncoder(os.Stdout)
	out.Encode(count("ready"))
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		switch lines.Text() {
		case "count":
			out.Encode(count("count"))
		case "exec":
			signal.Ignore(syscall.SIGUSR1) // one that is under way would end the next program
			if err := syscall.Exec("/bin/sleep", []string{"sleep", "60"}, nil); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
}
