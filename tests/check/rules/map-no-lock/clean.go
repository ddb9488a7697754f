package mapnolock

import "sync"

type store struct {
	mu    sync.RWMutex
	items map[string]int
}

func newStore(first string) *store {
	s := &store{items: make(map[string]int)}
	s.items[first] = 1
	return s
}

func (s *store) get(k string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.items[k]
}

func (s *store) set(k string, v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(k, v)
}

func (s *store) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = make(map[string]int)
}

// put has only callers that hold the lock.
func (s *store) put(k string, v int) { s.items[k] = v }

func (s *store) dropLocked(k string) { delete(s.items, k) }

// size must be called with the lock held.
func (s *store) size() int { return len(s.items) }

func (s *store) Drop(k string) {
	s.mu.Lock()
	s.dropLocked(k)
	s.mu.Unlock()
}

// LOCK: s.mu.RLock()
func (s *store) each(f func(string)) {
	for k := range s.items {
		f(k)
	}
}

type keeper struct {
	mu   *sync.RWMutex
	gone func(string)
}

func (k *keeper) expire(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.gone(name)
}

// lend gives its mutex away with the function that needs it.
func (s *store) lend() *keeper {
	s.mu.Lock()
	defer s.mu.Unlock()
	gone := func(k string) { delete(s.items, k) }
	return &keeper{mu: &s.mu, gone: gone}
}
