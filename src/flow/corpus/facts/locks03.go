package p

import "sync"

type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }
var top C
func use(x ...any) {}
func (c *C) f() {
 if !c.mu.TryLock() { use(1); return }
 use(2)
}
func (c *C) g(b bool) {
 if ok := c.mu.TryLock(); ok && b { use(3) }
 use(4)
}
