package unboundedkey

import (
	"net/http"
	"strings"
)

var known = map[string]int{"/": 1, "/login": 2}

func lookup(w http.ResponseWriter, r *http.Request) {
	if known[r.URL.Path] == 0 {
		w.WriteHeader(http.StatusNotFound)
	}
}

func whitelisted(w http.ResponseWriter, r *http.Request) {
	path := "other"
	switch p := r.URL.Path; p {
	case "/", "/login":
		path = p
	}
	requests.WithLabelValues(r.Method, path).Inc()
}

func normalise(path string) string {
	if strings.HasPrefix(path, "/static/") {
		return "/static/"
	}
	return "other"
}

func normalised(w http.ResponseWriter, r *http.Request) {
	requests.WithLabelValues(normalise(r.URL.Path)).Inc()
}

func checked(w http.ResponseWriter, r *http.Request) {
	if _, ok := known[r.URL.Path]; !ok {
		return
	}
	requests.WithLabelValues(r.URL.Path).Inc()
}

func perRequest(w http.ResponseWriter, r *http.Request) int {
	m := map[string]int{}
	m[r.URL.Path] = 1
	return len(m)
}
