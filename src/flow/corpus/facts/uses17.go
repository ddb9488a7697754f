package p

import "sync"

type P struct { x int }
type T struct { s []P; a [4]P; p P; q *P }
type S []P
func see(x any) {}
func f(t *T, y []P) []P {
 t.s = append(t.s, P{})
 t.s[0].x = 1
 t.a[1].x++
 t.p.x = 3
 t.q.x = 4
 y = append(t.s, P{})
 z := &t.s[0]
 w := t.s[1:2]
 copy(t.s, y)
 copy(y, t.s)
 v := S(t.s)
 _, _, _ = z, w, v
 *t.q = P{}
 return append(y, t.s...)
}
