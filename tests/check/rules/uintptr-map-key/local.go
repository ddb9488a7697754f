package uintptrmapkey

import "unsafe"

func shared(all []*object) bool {
	seen := make(map[uintptr]int, len(all))
	for _, o := range all {
		seen[uintptr(unsafe.Pointer(o))]++ // want note:uintptr-map-key
	}
	return len(seen) < len(all)
}

type Type struct{ kind int }

var codes = map[uintptr]int{}

// Types are never freed.
func code(t *Type, n int) {
	codes[uintptr(unsafe.Pointer(t))] = n // want note:uintptr-map-key
	delete(codes, 0)
}
