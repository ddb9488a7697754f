// Package session forgets to forget.
package session

import "sync"

// Session is what a visitor has in hand.
type Session struct {
	User string
	Cart []byte
}

// Store holds the sessions of a shop.
type Store struct {
	mu      sync.Mutex
	byToken map[string]*Session
}

// Shop is the store of this process.
var Shop = &Store{byToken: map[string]*Session{}}

// Open begins a session.
func (s *Store) Open(token, user string) *Session {
	opened := &Session{User: user, Cart: make([]byte, 2<<10)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byToken[token] = opened
	return opened
}

// Find gives the session of a token, nil when there is none.
func (s *Store) Find(token string) *Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byToken[token]
}
