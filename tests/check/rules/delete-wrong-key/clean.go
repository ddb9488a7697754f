package deletewrongkey

import (
	"strings"
	"sync"
)

type same struct {
	mu     sync.Mutex
	byName map[string]int
}

func newSame() *same { return &same{byName: make(map[string]int)} }

func (h *same) add(name string, id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.byName[strings.ToLower(name)] = id
}

func (h *same) remove(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	name = strings.ToLower(name)
	delete(h.byName, name)
}

func (h *same) prune(limit int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, id := range h.byName {
		if id > limit {
			delete(h.byName, name)
		}
	}
}
