package nilinsteadofdelete

import "sync"

// known keeps nil for what was looked up and is not there.
type known struct {
	mu    sync.Mutex
	conns map[int]*conn
}

func newKnown() *known { return &known{conns: make(map[int]*conn)} }

func (k *known) find(id int, look func(int) *conn) *conn {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c, ok := k.conns[id]; ok {
		return c
	}
	c := look(id)
	if c == nil {
		k.conns[id] = nil
		return nil
	}
	k.conns[id] = c
	return c
}

func (k *known) forget(id int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.conns, id)
}
