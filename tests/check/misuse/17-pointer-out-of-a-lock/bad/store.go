// Package store hands its map out of the lock that guards it.
package store

import "sync"

type Store struct {
	mu    sync.RWMutex
	items map[string]int
}

func New() *Store { return &Store{items: make(map[string]int)} }

func (s *Store) Set(key string, value int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[key] = value
}

func (s *Store) Drop(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, key)
}

func (s *Store) Items() map[string]int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.items // want guarded-escape
}
