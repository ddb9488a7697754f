package p

import "sync"

type In struct { m map[string]int }
type E struct { In; arr [3]*In }
type T struct { *E; p *T }
func g() *T { return nil }
func f(t *T, i int) {
 _ = t.m
 _ = t.E.In.m
 _ = (*t).m
 _ = t.p.p.arr[i].m
 _ = t.arr[2].m
 _ = g().m
 _ = t.arr[i+1]
 _ = *t.p
 _ = (&t.In).m
}
