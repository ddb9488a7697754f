package guardedescape

import (
	"maps"
	"slices"
	"sync"
)

func (p *peers) cloned() map[int]*peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.byID)
}

func (p *peers) copied() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.list)
}

func (p *peers) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.byID)
}

// table is replaced and never written after it is published.
type table struct {
	mu   sync.Mutex
	byID map[int]string
}

func (t *table) set(id int, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := maps.Clone(t.byID)
	next[id] = name
	t.byID = next
}

func (t *table) view() map[int]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byID
}

// take gives the map away and keeps another.
func (p *peers) take() map[int]*peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.byID
	p.byID = map[int]*peer{}
	return old
}
