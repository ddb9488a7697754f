package mutexinloopdefer

func addEach(counters []*counter) {
	for _, c := range counters {
		c.mu.Lock()
		c.n++
		c.mu.Unlock()
	}
}

func (c *counter) inc() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func addInFunction(counters []*counter) {
	for _, c := range counters {
		func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.n++
		}()
	}
}
