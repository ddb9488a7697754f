package writeunderrlock

type view struct{ seen map[string]int }

func newView() *view { return &view{seen: map[string]int{}} }

func (c *cache) snapshot() map[string]int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	out := make(map[string]int, len(c.items))
	for k, v := range c.items {
		out[k] = v
	}
	return out
}

func (c *cache) into(v *view) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for k, n := range c.items {
		v.seen[k] = n
	}
}

func (c *cache) upgrade(k string) int {
	c.mu.RLock()
	v, ok := c.items[k]
	c.mu.RUnlock()
	if !ok {
		c.mu.Lock()
		c.items[k] = 1
		c.mu.Unlock()
	}
	return v
}

func (c *cache) size() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.items) + len(c.hits)
}
