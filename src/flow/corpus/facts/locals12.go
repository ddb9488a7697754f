package p

import "sync"

type M map[int]int
func mk() M { return make(M) }
func none() M { return nil }
func some(c bool) M { if c { return nil }; return M{} }
func f(c bool, p M) {
 var a M
 a[1] = 1
 if c { a = make(M) }
 a[2] = 1
 if a == nil { a[3] = 1; a = M{} }
 a[4] = 1
 p[5] = 1
 b := none()
 b[6] = 1
 d := mk()
 d[7] = 1
 e := some(c)
 e[8] = 1
 if e != nil && c { e[9] = 1 }
 g := a
 g[10] = 1
 var h M
 func() { h = M{} }()
 h[11] = 1
}
