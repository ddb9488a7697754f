package p

import "sync"

func use(x int) {}
func f(c bool) {
 a := 1
 use(10)
 a = 2
 use(20)
 if c { use(a) }
 use(30)
 for { b := 3; use(40); if c { break }; b++; use(50) }
}
