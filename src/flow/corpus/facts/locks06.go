package p

import "sync"

type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }
var top C
func use(x ...any) {}
func (c *C) F() { c.mu.Lock(); defer c.mu.Unlock(); c.in(); c.sometimes(); handed(c) }
func (c *C) G() { c.mu.Lock(); c.in(); c.mu.Unlock(); c.sometimes() }
func (c *C) in() { use(1); c.deeper() }
func (c *C) deeper() { use(2) }
func (c *C) sometimes() { use(3) }
func handed(x *C) { use(4); go x.beside() }
func (c *C) beside() { use(5) }
func (c *C) value() { use(6) }
func (c *C) H() { c.mu.Lock(); c.value(); use(c.value) }
