// Package server has a map field that request handlers write, and no lock.
package server

import "net/http"

type Server struct {
	hits map[string]int
}

func New() *Server { return &Server{hits: make(map[string]int)} }

func (s *Server) count(w http.ResponseWriter, r *http.Request) {
	if r.Method == "GET" {
		s.hits["get"]++ // want map-field-no-mutex
	}
}

func (s *Server) Routes(mux *http.ServeMux) { mux.HandleFunc("/", s.count) }
