package mapnolock

import (
	"encoding/json"
	"sync"
	"time"
)

type parlour struct {
	mu    sync.Mutex
	peers map[string]int
	tags  map[string]int
	rooms map[string]*room
}

type room struct {
	mu    sync.Mutex
	names map[string]bool
}

func newParlour() *parlour {
	return &parlour{peers: make(map[string]int), tags: make(map[string]int), rooms: make(map[string]*room)}
}

func newRoom() *room { return &room{names: make(map[string]bool)} }

func (h *parlour) Tag(k string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tags[k] + h.peers[k]
}

func (h *parlour) SetTag(k string, v int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tags[k] = v
	h.peers[k] = v
	h.known(k)
}

func (h *parlour) Drop(k string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.tags, k)
	delete(h.peers, k)
}

// Before anybody else has it.
func (h *parlour) UnmarshalJSON(text []byte) error {
	var tags map[string]int
	if err := json.Unmarshal(text, &tags); err != nil {
		return err
	}
	for k, v := range tags {
		h.tags[k] = v
	}
	return nil
}

// known is always called with the lock, and calls itself.
func (h *parlour) known(k string) bool {
	if k == "" {
		return false
	}
	return h.peers[k] > 0 || h.known(k[1:])
}

func (h *parlour) find(f func(string) bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for k := range h.peers {
		if f(k) {
			return true
		}
	}
	return false
}

// It may run wherever find calls it.
func (h *parlour) anyTagged() bool {
	return h.find(func(k string) bool { return h.tagged(k) })
}

func (h *parlour) tagged(k string) bool { return h.tags[k] > 0 }

func (r *room) add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[name] = true
}

func (r *room) has(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.names[name]
}

func (r *room) drop(name string) { delete(r.names, name) } // want map-no-lock

// The room comes out of a map: others have it as well, and h.mu is not its lock.
func (h *parlour) leave(at, name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[at]
	if r.has(name) {
		r.drop(name)
	}
	r.add("left")
}

// ---- Of one goroutine

type loop struct {
	mu    sync.Mutex
	known map[string]int
	work  chan string
}

func startLoop() *loop {
	l := &loop{known: make(map[string]int), work: make(chan string)}
	go l.run()
	return l
}

func (l *loop) run() {
	for name := range l.work {
		l.take(name)
	}
}

// Only the goroutine of run writes: it may read without the lock.
func (l *loop) take(name string) {
	if l.known[name] > 0 {
		return
	}
	l.mu.Lock()
	l.known[name]++
	l.mu.Unlock()
}

func (l *loop) Count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.known)
}

func (l *loop) Names() (names []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name := range l.known {
		names = append(names, name)
	}
	return names
}

type pair struct {
	mu    sync.Mutex
	known map[string]int
}

func every(d time.Duration, f func()) {
	for range time.Tick(d) {
		f()
	}
}

func startPair() *pair {
	p := &pair{known: make(map[string]int)}
	go every(time.Second, p.fill)
	go every(time.Second, p.drain)
	return p
}

func (p *pair) fill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known["a"]++
}

// The other goroutine writes meanwhile.
func (p *pair) drain() {
	if len(p.known) == 0 { // want map-no-lock
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.known)
}

func (p *pair) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.known)
}

// ---- Of a copy, and in front of the first goroutine

func (h *parlour) Clone() *parlour {
	h.mu.Lock()
	defer h.mu.Unlock()
	one := newParlour()
	for k, v := range h.peers {
		one.peers[k] = v
	}
	return one
}

func (h *parlour) with(k string) *parlour {
	one := h.Clone()
	one.peers[k] = 1
	return one
}

type proxy struct {
	mu      sync.Mutex
	remotes map[string]int
}

func (p *proxy) Run(names []string) {
	for _, name := range names {
		p.remotes[name] = 0
	}
	go p.watch()
}

func (p *proxy) watch() {
	for range time.Tick(time.Second) {
		p.mu.Lock()
		p.remotes["all"]++
		p.mu.Unlock()
	}
}

func (p *proxy) Pick(name string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.remotes[name]
}

func newProxy() *proxy { return &proxy{remotes: make(map[string]int)} }
