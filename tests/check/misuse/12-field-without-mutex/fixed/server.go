package server

import (
	"net/http"
	"sync"
)

type Server struct {
	mu   sync.Mutex
	hits map[string]int
}

func New() *Server { return &Server{hits: make(map[string]int)} }

func (s *Server) count(w http.ResponseWriter, r *http.Request) {
	if r.Method == "GET" {
		s.mu.Lock()
		s.hits["get"]++
		s.mu.Unlock()
	}
}

func (s *Server) Routes(mux *http.ServeMux) { mux.HandleFunc("/", s.count) }
