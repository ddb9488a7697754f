package stats

import (
	"net/http"
	"sync"
)

var (
	mu     sync.Mutex
	byPath = map[string]int{}
)

func Count(w http.ResponseWriter, r *http.Request) {
	name := "other"
	switch r.URL.Path {
	case "/":
		name = "home"
	case "/login":
		name = "login"
	}
	mu.Lock()
	byPath[name]++
	mu.Unlock()
}
