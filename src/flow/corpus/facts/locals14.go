package p

import "sync"

type T struct { m map[int]int }
var all []*T
func see(t *T) {}
func use(x int) {}
func New() *T { t := &T{}; t.m = nil; return t }
func Get() *T { return all[0] }
func f(p *T, ch chan *T) {
 a := &T{}
 use(1)
 all = append(all, a)
 use(2)
 b := New()
 use(3)
 c := Get()
 use(4)
 d := &T{}
 go func() { d.m = nil }()
 use(5)
 e := T{}
 use(6)
 see(&e)
 use(7)
 see(b); see(c)
 use(8)
}
