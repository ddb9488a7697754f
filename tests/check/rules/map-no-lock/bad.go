package mapnolock

import "sync"

type cache struct {
	mu    sync.Mutex
	items map[string]int
}

func newCache() *cache { return &cache{items: make(map[string]int)} }

func (c *cache) get(k string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.items[k]
}

func (c *cache) set(k string, v int) {
	c.mu.Lock()
	c.items[k] = v
	c.mu.Unlock()
}

func (c *cache) drop(k string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.items, k)
}

func (c *cache) Size() int {
	return len(c.items) // want map-no-lock
}
