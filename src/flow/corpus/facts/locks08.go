package p

import "sync"

type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }
var top C
func use(x ...any) {}
func (c *C) fLocked() { use(1) }
// g counts. c.mu must be held.
func (c *C) g() { use(2) }
// h must be called with the RWMutex lock held.
func (c *C) h() { use(3) }
func (c *C) fUnlocked() { use(4) }
func (c *C) i() {
 // LOCK: c.rw.RLock()
 use(5)
 use(6)

 use(7)
}
type D struct {
 mu sync.Mutex
 a int // guarded by mu
 // protected by d.mu, always
 b int
 e int
}
