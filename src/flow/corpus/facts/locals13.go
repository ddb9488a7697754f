package p

import "sync"

type T struct { m map[int]int; n int }
func (t *T) fill() {}
func see(t *T) {}
func f(o *T) {
 a := &T{n: 1}
 a.m[1] = 1
 a.m = map[int]int{}
 a.m[2] = 1
 b := new(T)
 b.m[3] = 1
 see(b)
 b.m[4] = 1
 var c T
 c.m[5] = 1
 c.fill()
 c.m[6] = 1
 o.m[7] = 1
 if o.m == nil { o.m = make(map[int]int) }
 o.m[8] = 1
}
