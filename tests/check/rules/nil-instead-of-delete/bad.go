package nilinsteadofdelete

import "sync"

type conn struct{ id int }

type hub struct {
	mu    sync.Mutex
	conns map[int]*conn
}

func newHub() *hub { return &hub{conns: make(map[int]*conn)} }

func (h *hub) add(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conns[c.id] = c
}

func (h *hub) remove(id int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conns[id] = nil // want nil-instead-of-delete
}

func (h *hub) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.conns)
}
