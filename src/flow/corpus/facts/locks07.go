package p

import "sync"

type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }
var top C
func use(x ...any) {}
func each(f func()) { f() }
func (c *C) f() {
 c.mu.Lock()
 defer func() { use(1); c.mu.Unlock() }()
 each(func() { use(2) })
 go func() { use(3) }()
 called := func() { use(4) }
 called()
 later := func() { use(5) }
 use(later)
 var wg sync.WaitGroup
 wg.Go(func() { use(6) })
}
