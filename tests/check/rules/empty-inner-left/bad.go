package emptyinnerleft

import "sync"

type topics struct {
	mu   sync.Mutex
	subs map[string]map[int]struct{}
}

func newTopics() *topics { return &topics{subs: make(map[string]map[int]struct{})} }

func (t *topics) join(name string, id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.subs[name] == nil {
		t.subs[name] = make(map[int]struct{})
	}
	t.subs[name][id] = struct{}{}
}

func (t *topics) leave(name string, id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.subs[name], id) // want empty-inner-left
}

func (t *topics) drop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.subs = make(map[string]map[int]struct{})
}
