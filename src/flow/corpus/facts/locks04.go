package p

import "sync"

type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }
var top C
func use(x ...any) {}
func (c *C) f(d *C) {
 c.mu.Lock()
 use(1)
 d.mu.Unlock()
 use(2)
 c = c.next
 use(3)
}
func g() {
 top.mu.Lock()
 use(4)
 p := &top.rw
 p.Lock()
 use(5)
}
