// Package handle refers to its own objects: from a finalizer that keeps them, and by addresses that keep nothing.
package handle

import (
	"runtime"
	"unsafe"
)

type Handle struct{ fd int }

func Open(fd int, closeFD func(int)) *Handle {
	h := &Handle{fd: fd}
	runtime.AddCleanup(h, func(int) { closeFD(h.fd) }, 0) // want cleanup-self-reference
	return h
}

func Watch(h *Handle, closeFD func(int)) {
	runtime.SetFinalizer(h, func(*Handle) { closeFD(h.fd) }) // want cleanup-self-reference
}

type Names struct{ names map[uintptr]string }

func (n *Names) Set(h *Handle, name string) {
	n.names[uintptr(unsafe.Pointer(h))] = name // want uintptr-map-key
}

func (n *Names) Forget(h *Handle) { n.names = map[uintptr]string{} }
