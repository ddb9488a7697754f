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
	sessions[token] = s
	mu.Unlock()
	return s
}

func Close(token string) {
	mu.Lock()
	delete(sessions, token)
	mu.Unlock()
}
