package uintptrmapkey

import "unsafe"

type object struct{ n int }

func mark(seen map[uintptr]bool, o *object) {
	seen[uintptr(unsafe.Pointer(o))] = true // want uintptr-map-key
}

func names(text string, m map[uintptr]int) {
	key := uintptr(unsafe.Pointer(unsafe.StringData(text)))
	m[key] = 1 // want uintptr-map-key
}

func value(o *object, m map[string]uintptr) {
	m["o"] = uintptr(unsafe.Pointer(o)) // want uintptr-map-key
}
