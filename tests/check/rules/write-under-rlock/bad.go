package writeunderrlock

import "sync"

type cache struct {
	mu    sync.RWMutex
	items map[string]int
	hits  []int
}

func (c *cache) get(k string) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.items[k]
	if !ok {
		c.items[k] = 1 // want write-under-rlock
	}
	return v
}

func (c *cache) drop(k string) {
	c.mu.RLock()
	delete(c.items, k) // want write-under-rlock
	c.mu.RUnlock()
}

func newCache() *cache { return &cache{items: make(map[string]int)} }
