package mapfieldnomutex

import "net/http"

// loop is confined to the one goroutine that run starts.
type loop struct {
	state map[string]int
	in    chan string
}

func newLoop() *loop {
	l := &loop{state: make(map[string]int), in: make(chan string)}
	go l.run()
	return l
}

func (l *loop) run() {
	for k := range l.in {
		l.state[k]++
		if len(l.state) > 10 {
			clear(l.state)
		}
	}
}

// request is made for each request.
type request struct{ vars map[string]string }

func (q *request) set(k, v string) { q.vars[k] = v }

func handler(w http.ResponseWriter, r *http.Request) {
	q := &request{vars: make(map[string]string)}
	q.set("path", r.Method)
}

func routes(mux *http.ServeMux) { mux.HandleFunc("/", handler) }
