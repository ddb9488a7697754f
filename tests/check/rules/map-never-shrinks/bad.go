package mapnevershrinks

import "sync"

type tracker struct {
	mu      sync.Mutex
	pending map[string]int64
}

func newTracker() *tracker { return &tracker{pending: make(map[string]int64)} }

func (t *tracker) add(k string, at int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending[k] = at
}

func (t *tracker) drain(each func(string)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k := range t.pending {
		each(k)
		delete(t.pending, k) // want map-never-shrinks
	}
}
