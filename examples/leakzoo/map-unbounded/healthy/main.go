// The shop of ../leak with a bound on its sessions (healthy twin of map-unbounded).
//
// Its sessions still become more while one looks: the store has not yet got to its limit. That is no leak, and
// a tool that calls it one is wrong.
package main

import (
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"memsnap.test/leakzoo/zoo"
)

const (
	maxSessions = 40_000
	maxIdle     = 30 * time.Minute
)

type session struct {
	user     string
	lastSeen time.Time
	cart     []byte
}

type sessionStore struct {
	mu      sync.Mutex
	byToken map[string]*session
}

var sessions = &sessionStore{byToken: map[string]*session{}}

func (s *sessionStore) create(user string) string {
	token := rand.Text()
	cart := zoo.Fill(make([]byte, 3<<10))
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.byToken) >= maxSessions {
		s.evict(time.Now())
	}
	s.byToken[token] = &session{user: user, lastSeen: time.Now(), cart: cart}
	return token
}

// evict deletes what nobody has used for a while, or else the session that was used longest ago.
func (s *sessionStore) evict(now time.Time) {
	oldest, seen := "", now
	for token, candidate := range s.byToken {
		if now.Sub(candidate.lastSeen) > maxIdle {
			delete(s.byToken, token)
		} else if candidate.lastSeen.Before(seen) {
			oldest, seen = token, candidate.lastSeen
		}
	}
	if len(s.byToken) >= maxSessions {
		delete(s.byToken, oldest)
	}
}

func main() {
	visitors := 0
	arrive := func() {
		sessions.create(fmt.Sprint("visitor-", visitors))
		visitors++
	}
	zoo.Run(zoo.Program{
		Warm: func() {
			for range 9_000 {
				arrive()
			}
		},
		Step: func() {
			for range 3 {
				arrive()
			}
		},
		Drop: func() { sessions.byToken = map[string]*session{} },
	})
}
