package deletewrongkey

import (
	"strings"
	"sync"
)

type hosts struct {
	mu     sync.Mutex
	byName map[string]int
}

func newHosts() *hosts { return &hosts{byName: make(map[string]int)} }

func (h *hosts) add(name string, id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.byName[strings.ToLower(name)] = id
}

func (h *hosts) remove(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.byName, name) // want delete-wrong-key
}
