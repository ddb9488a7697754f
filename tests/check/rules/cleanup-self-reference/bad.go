package cleanupselfreference

import (
	"os"
	"runtime"
)

type file struct{ f *os.File }

func open(f *os.File) *file {
	x := &file{f: f}
	runtime.SetFinalizer(x, func(*file) { x.f.Close() }) // want cleanup-self-reference
	return x
}

func cleanup(f *os.File) *file {
	x := &file{f: f}
	runtime.AddCleanup(x, func(y *file) { y.f.Close() }, x) // want cleanup-self-reference
	return x
}

func pointerToLocal(f *os.File) *file {
	x := &file{f: f}
	runtime.SetFinalizer(&x, func(p **file) { (*p).f.Close() }) // want cleanup-self-reference
	return x
}
