// Package stats counts requests by the path that the client chose.
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
	mu.Lock()
	byPath[r.URL.Path]++ // want unbounded-key
	mu.Unlock()
}
