package p

import "sync"

type T struct { a, b int; e error }
func two() (int, error) { return 0, nil }
var v map[int]int
func f(t *T) {
 t.a, t.e = two()
 for t.b = range 3 {}
 t.b += 2
 t.b++
 for v[0] = range 3 {}
}
