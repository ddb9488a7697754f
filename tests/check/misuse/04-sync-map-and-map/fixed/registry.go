package registry

import "sync"

type Conn struct{ Name string }

type Registry struct {
	live sync.Map
}

func New() *Registry { return &Registry{} }

func (r *Registry) Add(id int, c *Conn) { r.live.Store(id, c) }

func (r *Registry) Drop(id int) { r.live.Delete(id) }
