package mapnolock

import "sync"

// Two mutexes, of which the second guards.
type hub struct {
	writing sync.Mutex
	mu      sync.RWMutex
	rooms   map[string]int
	users   map[string]int
}

func newHub() *hub { return &hub{rooms: map[string]int{}, users: map[string]int{}} }

func (h *hub) join(room, user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rooms[room]++
	h.users[user]++
}

func (h *hub) leave(room, user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.rooms, room)
	delete(h.users, user)
}

func (h *hub) size(room string) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.rooms[room] + h.users[room]
}

// One remark, whatever it touches.
func (h *hub) sum() (n int) {
	for _, one := range h.rooms { // want map-no-lock
		n += one
	}
	for _, one := range h.users {
		n += one
	}
	return n
}

func (h *hub) register(reset func(func())) {
	reset(func() { clear(h.rooms) })
}

type lobby struct {
	mu    sync.Mutex
	rooms map[string]int
}

func newLobby() *lobby { return &lobby{rooms: map[string]int{}} }

func (l *lobby) open(room string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rooms[room]++
}

func (l *lobby) close(room string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.rooms, room)
}

// Nobody waits for it.
func (l *lobby) count(done chan<- int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	go func() { done <- len(l.rooms) }() // want map-no-lock
}
