package p

import "sync"

type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }
var top C
func use(x ...any) {}
func (c *C) f(k string) {
 use(1)
 c.mu.Lock()
 use(2)
 c.m[k] = 1
 c.mu.Unlock()
 use(3)
 c.rw.RLock(); defer c.rw.RUnlock()
 use(4)
 c.Lock()
 use(5)
}
