package p

import "sync"

func use(x int) {}
func f() {
 a, b, c := 1, 2, 3
 func() { a = 4; use(b) }()
 p := &c
 use(a); use(b); use(c); *p = 5
}
