package uintptrmapkey

import "unsafe"

func byPointer(seen map[*object]bool, o *object) { seen[o] = true }

func offset(o *object) uintptr { return unsafe.Offsetof(o.n) + unsafe.Sizeof(*o) }

func numbers(m map[uintptr]int, n uintptr) { m[n] = 1 }
