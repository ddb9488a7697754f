// A program whose names do harm where they are printed as they are (no pattern: a test of reports).
//
// It leaks in three ways, so that a report has to speak of its functions, files, types, labels and mappings. All
// of them carry control characters, markup of HTML and Markdown, and text that runs from right to left. So that
// reading this file is harmless, it spells them @ESC@, @BEL@, @CR@ and @RLO@; the test puts the characters in
// before it builds.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/pprof"
	"syscall"
	"time"
	"unsafe"

	"memsnap.test/leakzoo/zoo"
)

// evil is what the test looks for, in the words of strings.
const evil = "@ESC@[31m@CR@@RLO@<script>alert('string')</script>[x](javascript:alert(1))"

// Types take the tags of their fields into their names.
type box[T any] struct {
	value   T
	content []byte
}

type tagged = struct {
	A int "json:\"<script>alert('type')</script>\" rtl:\"@RLO@ ![x](http://127.0.0.1/x)\""
}

var (
	boxes   = map[string]*box[tagged]{}
	log0    []*box[tagged]
	waiting = make(chan struct{}) // for nobody
)

// A function's name is what the linker knows it as.
//
//go:linkname keep shop/@ESC@]0;owned@BEL@<script>alert('function')</script>@RLO@.**x**`y`|z|
//go:noinline
func keep(number int) {
	boxes[fmt.Sprint(evil, number)] = fill(number)
}

//go:linkname pile shop/@ESC@[2J<script>alert('goroutine')</script>@RLO@.start
//go:noinline
func pile() {
	forgotten := make(chan []byte)
	go func() { forgotten <- make([]byte, 2000) }()
}

func main() {
	if err := rename(); err != nil {
		log.Fatal(err)
	}
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels(evil, evil)))
	number := 0
	work := func(n int) {
		for range n {
			keep(number)
			record(number)
			if number%8 == 0 {
				pile()
			}
			number++
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() {
			work(8_000)
			time.Sleep(50 * time.Millisecond)
		},
		Step: func() { work(4) },
		Drop: func() { boxes, log0 = nil, nil },
	})
}

// rename gives hostile names to a thread and to a mapping.
func rename() error {
	errs := make(chan error)
	go func() {
		runtime.LockOSThread()
		errs <- os.WriteFile(fmt.Sprintf("/proc/self/task/%d/comm", syscall.Gettid()), []byte("@ESC@[31m@CR@<b>x"), 0)
		<-waiting
	}()
	if err := <-errs; err != nil {
		return err
	}
	const memfdCreate = 319 // amd64
	name := append([]byte(evil), 0)
	fd, _, errno := syscall.Syscall(memfdCreate, uintptr(unsafe.Pointer(&name[0])), 0, 0)
	if errno != 0 {
		return errno
	}
	const size = 12 << 20
	if err := syscall.Ftruncate(int(fd), size); err != nil {
		return err
	}
	memory, err := syscall.Mmap(int(fd), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return err
	}
	zoo.Fill(memory)
	return nil
}

// From here on the lines of this file are said to be lines of others.

//line /srv/@ESC@[31m@RLO@<script>alert('file')</script>[x](javascript:alert(2))|.go:7
//go:noinline
func fill(number int) *box[tagged] {
	return &box[tagged]{value: tagged{A: number}, content: zoo.Fill(make([]byte, 1500))}
}

//line ../../../../../../../../../../../../etc/passwd:1
//go:noinline
func record(number int) { log0 = append(log0, &box[tagged]{content: zoo.Fill(make([]byte, 1100))}) }
