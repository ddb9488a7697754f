// Package session keeps every session that ever was.
package session

import "sync"

type Session struct{ User string }

var (
	mu       sync.Mutex
	sessions = map[string]*Session{}
)

func Open(token, user string) *Session {
	s := &Session{User: user}
	mu.Lock()
	sessions[token] = s // want map-grow-only
	mu.Unlock()
	return s
}
