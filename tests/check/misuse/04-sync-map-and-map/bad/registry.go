// Package registry keeps one pointer in a sync.Map and in a plain map: two owners, two life times.
package registry

import "sync"

type Conn struct{ Name string }

type Registry struct {
	mu   sync.Mutex
	byID map[int]*Conn
	live sync.Map
}

func New() *Registry { return &Registry{byID: make(map[int]*Conn)} }

func (r *Registry) Add(id int, c *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byID[id] = c
	r.live.Store(id, c) // want sync-map-mixed
}

func (r *Registry) Drop(id int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byID, id)
}
