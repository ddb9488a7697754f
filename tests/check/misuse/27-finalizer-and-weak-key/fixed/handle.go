package handle

import (
	"runtime"
	"weak"
)

type Handle struct{ fd int }

func Open(fd int, closeFD func(int)) *Handle {
	h := &Handle{fd: fd}
	runtime.AddCleanup(h, func(fd int) { closeFD(fd) }, fd)
	return h
}

func Watch(h *Handle, closeFD func(int)) {
	runtime.SetFinalizer(h, func(h *Handle) { closeFD(h.fd) })
}

type Names struct {
	names map[weak.Pointer[Handle]]string
}

func (n *Names) Set(h *Handle, name string) { n.names[weak.Make(h)] = name }

func (n *Names) Forget(h *Handle) { n.names = map[weak.Pointer[Handle]]string{} }
