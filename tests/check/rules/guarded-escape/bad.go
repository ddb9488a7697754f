package guardedescape

import "sync"

type peer struct{ seen int }

type peers struct {
	mu   sync.Mutex
	list []int
	byID map[int]*peer
	out  chan map[int]*peer
}

func newPeers() *peers { return &peers{byID: map[int]*peer{}} }

func (p *peers) add(id int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byID[id] = &peer{}
	if len(p.list) < 100 {
		p.list = append(p.list, id)
	}
}

func (p *peers) drop(id int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.byID, id)
	p.list[0] = 0
}

func (p *peers) all() map[int]*peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.byID // want guarded-escape
}

func (p *peers) ids() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.list // want guarded-escape
}

func (p *peers) publish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out <- p.byID // want guarded-escape
}

func (p *peers) same() map[int]*peer {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.byID // want guarded-escape
	return all
}
