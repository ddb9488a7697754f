package p

import "sync"

type T struct { m map[string][]int }
func see(x any) {}
func f(t *T, k string, c chan map[string][]int) map[string][]int {
 t.m[k] = nil
 t.m[k] = append(t.m[k], 1)
 delete(t.m, k)
 clear(t.m)
 if t.m == nil { t.m = make(map[string][]int) }
 for range t.m {}
 see(t.m)
 x := t.m
 c <- t.m
 _ = len(t.m)
 p := &t.m
 _, _ = x, p
 t.m[k][0] = 1
 _ = T{m: x}
 _ = T{x}
 return t.m
}
