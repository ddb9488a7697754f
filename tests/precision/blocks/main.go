// Holds a known number of bytes at one line per block size, and writes a heap profile.
// blocks RATE BYTES FILE: sampling rate, bytes of each size, profile.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
)

// Set before the first allocation of main: the package's variables are initialised with it.
var rate = setRate()

func setRate() int {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	runtime.MemProfileRate = n
	return n
}

type (
	b12  = [3]int32
	b48  = [48]byte
	b256 = [256]byte
	k1   = [1 << 10]byte
	k8   = [8 << 10]byte
	k64  = [64 << 10]byte
	k512 = [512 << 10]byte
	m2   = [2 << 20]byte
)

var (
	kept12   []*b12
	kept48   []*b48
	kept256  []*b256
	kept1k   []*k1
	kept8k   []*k8
	kept64k  []*k64
	kept512k []*k512
	kept2m   []*m2
)

//go:noinline
func live12(bytes int) {
	for range bytes / 16 { // each takes a block of 16 of the tiny allocator
		kept12 = append(kept12, new(b12))
	}
}

//go:noinline
func live48(bytes int) {
	for range bytes / 48 {
		kept48 = append(kept48, new(b48))
	}
}

//go:noinline
func live256(bytes int) {
	for range bytes / 256 {
		kept256 = append(kept256, new(b256))
	}
}

//go:noinline
func live1024(bytes int) {
	for range bytes / 1024 {
		kept1k = append(kept1k, new(k1))
	}
}

//go:noinline
func live8192(bytes int) {
	for range bytes / 8192 {
		kept8k = append(kept8k, new(k8))
	}
}

//go:noinline
func live65536(bytes int) {
	for range bytes / 65536 {
		kept64k = append(kept64k, new(k64))
	}
}

//go:noinline
func live524288(bytes int) {
	for range bytes / 524288 {
		kept512k = append(kept512k, new(k512))
	}
}

//go:noinline
func live2097152(bytes int) {
	for range bytes / 2097152 {
		kept2m = append(kept2m, new(m2))
	}
}

// Each P samples its first allocation after the rate was set; let these go to another line.
func warmUp() {
	done := make(chan []byte)
	for range 4 * runtime.GOMAXPROCS(0) {
		go func() {
			var garbage []byte
			for range 10_000 {
				garbage = make([]byte, 1024)
			}
			done <- garbage
		}()
	}
	for range 4 * runtime.GOMAXPROCS(0) {
		<-done
	}
}

func main() {
	bytes, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	kept12 = make([]*b12, 0, bytes/16)
	kept48 = make([]*b48, 0, bytes/48)
	kept256 = make([]*b256, 0, bytes/256)
	warmUp()
	live12(bytes)
	live48(bytes)
	live256(bytes)
	live1024(bytes)
	live8192(bytes)
	live65536(bytes)
	live524288(bytes)
	live2097152(bytes)
	runtime.GC()
	runtime.GC()
	file, err := os.Create(os.Args[3])
	if err != nil {
		panic(err)
	}
	if err := pprof.WriteHeapProfile(file); err != nil {
		panic(err)
	}
	file.Close()
	fmt.Println(rate, len(kept12), len(kept48), len(kept256), len(kept1k), len(kept8k), len(kept64k), len(kept512k), len(kept2m))
}
