package p

import "sync"

type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }
var top C
func use(x ...any) {}
func (c *C) f(b bool) {
 if b { c.mu.Lock(); c.rw.Lock() } else { c.rw.RLock() }
 use(1)
}
func (c *C) g(b bool) {
 c.mu.Lock()
 if b { c.mu.Unlock(); return }
 use(2)
}
func (c *C) h() {
 for i := 0; i < 3; i++ { c.mu.Lock(); use(3); c.mu.Unlock(); use(4) }
}
func (c *C) i() {
 for i := 0; i < 3; i++ { use(5); c.mu.Lock() }
 use(6)
}
