package mutexinloopdefer

import "sync"

type counter struct {
	mu sync.Mutex
	n  int
}

func add(counters []*counter) {
	for _, c := range counters {
		c.mu.Lock()
		defer c.mu.Unlock() // want mutex-in-loop-defer
		c.n++
	}
}
