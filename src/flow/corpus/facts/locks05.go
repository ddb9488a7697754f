package p

import "sync"

type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }
var top C
func use(x ...any) {}
func (c *C) enter() { c.mu.Lock() }
func (c *C) leave() { c.mu.Unlock() }
func both(a, b *C) { a.mu.Lock(); b.mu.Lock() }
func (c *C) f() {
 c.enter()
 use(1)
 c.leave()
 use(2)
 both(c, c.next)
 use(3)
}
