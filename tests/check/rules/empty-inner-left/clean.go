package emptyinnerleft

import "sync"

type rooms struct {
	mu   sync.Mutex
	subs map[string]map[int]struct{}
}

func newRooms() *rooms { return &rooms{subs: make(map[string]map[int]struct{})} }

func (t *rooms) join(name string, id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.subs[name] == nil {
		t.subs[name] = make(map[int]struct{})
	}
	t.subs[name][id] = struct{}{}
}

func (t *rooms) leave(name string, id int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.subs[name], id)
	if len(t.subs[name]) == 0 {
		delete(t.subs, name)
	}
}
