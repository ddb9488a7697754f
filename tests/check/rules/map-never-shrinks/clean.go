package mapnevershrinks

import "sync"

type replaced struct {
	mu      sync.Mutex
	pending map[string]int64
}

func newReplaced() *replaced { return &replaced{pending: make(map[string]int64)} }

func (t *replaced) drain(each func(string)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k := range t.pending {
		each(k)
	}
	t.pending = make(map[string]int64)
}

func (t *replaced) prune(before int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k, at := range t.pending {
		if at < before {
			delete(t.pending, k)
		}
	}
}

func (t *replaced) add(k string) {
	t.mu.Lock()
	t.pending[k] = 1
	t.mu.Unlock()
}
