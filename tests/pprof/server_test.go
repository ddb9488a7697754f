package pprof

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// serve is a server of profiles, and of answers that are none.
func serve(t *testing.T, folder string) string {
	mux := http.NewServeMux()
	mux.Handle("/profiles/", http.StripPrefix("/profiles/", http.FileServer(http.Dir(folder))))
	mux.HandleFunc("/redirect/", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/profiles/"+strings.TrimPrefix(r.URL.Path, "/redirect/"), http.StatusFound)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/error", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Go-Pprof", "1")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusInternalServerError)
		w.Write([]byte("profiling is already in use\n"))
	})
	mux.HandleFunc("/plain-error", func(w http.ResponseWriter, r *http.Request) { http.Error(w, "not for you", http.StatusForbidden) })
	mux.HandleFunc("/empty", func(http.ResponseWriter, *http.Request) {})
	answer := func(w http.ResponseWriter, name string) {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Error(err)
		}
		w.Write(content)
	}
	mux.HandleFunc("/debug/pprof/profile", func(w http.ResponseWriter, r *http.Request) { answer(w, "inlined.pb.gz") })
	mux.HandleFunc("/seconds", func(w http.ResponseWriter, r *http.Request) {
		name := map[string]string{"1": "one.pb.gz", "2": "inlined.pb.gz", "3": "columns.pb.gz"}[r.URL.Query().Get("seconds")]
		answer(w, name)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}
