package p

import "q"

type S struct{ q.T; *S }

const (
	A = iota
	B
)

func f(x any, c chan int) (n int) {
	switch y := x.(type) {
	case q.I:
		y.M()
	case nil, []int:
	}
	select {
	case v, ok := <-c:
		_, _ = v, ok
	default:
	}
	var a [B]int
	return len(a) + cap(a[:]) + int("x"[0])
}
---
package q

type T struct{ F func(...int) }
type I interface{ M() T; comparable; ~int | string }
