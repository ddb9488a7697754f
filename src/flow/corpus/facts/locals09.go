package p

import "sync"

func use(x int) {}
func f(a int, c bool) {
 use(a)
 var b int
 if c { b = 11 } else { use(b) }
 use(b)
 for i := 0; i < 3; i++ { use(b); b = 22 }
 b, d := g()
 use(b); use(d)
}
func g() (int, int) { return 1, 2 }
