package unboundedkey

import (
	"net/http"
	"sync"
)

type counterVec struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *counterVec) WithLabelValues(values ...string) *counterVec { return c }

func (c *counterVec) Inc() {}

var requests = &counterVec{n: map[string]int{}}

var agents sync.Map

var (
	mu     sync.Mutex
	byAddr = map[string]int{}
)

func metric(w http.ResponseWriter, r *http.Request) {
	requests.WithLabelValues(r.Method, r.URL.Path).Inc() // want unbounded-key
}

func header(w http.ResponseWriter, r *http.Request) {
	name := r.Header.Get("X-Client")
	mu.Lock()
	byAddr[name]++ // want unbounded-key
	mu.Unlock()
}

func note(addr string) {
	mu.Lock()
	byAddr[addr]++ // want unbounded-key
	mu.Unlock()
}

func through(w http.ResponseWriter, r *http.Request) { note(r.RemoteAddr) }
