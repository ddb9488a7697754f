package cleanupselfreference

import (
	"os"
	"runtime"
)

func (x *file) close() { x.f.Close() }

func method(f *os.File) *file {
	x := &file{f: f}
	runtime.SetFinalizer(x, (*file).close)
	return x
}

func parameter(f *os.File) *file {
	x := &file{f: f}
	runtime.SetFinalizer(x, func(x *file) { x.f.Close() })
	return x
}

func resource(f *os.File) *file {
	x := &file{f: f}
	runtime.AddCleanup(x, func(f *os.File) { f.Close() }, f)
	return x
}

func off(x *file) { runtime.SetFinalizer(x, nil) }
