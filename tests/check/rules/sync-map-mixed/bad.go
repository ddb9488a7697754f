package syncmapmixed

import "sync"

type user struct{ name string }

type users struct {
	mu   sync.Mutex
	all  map[string]*user
	hot  sync.Map
	cold sync.Map
}

func newUsers() *users { return &users{all: map[string]*user{}} }

func (u *users) add(v *user) {
	u.mu.Lock()
	u.all[v.name] = v
	u.mu.Unlock()
	u.hot.Store(v.name, v) // want sync-map-mixed
}

func (u *users) drop(name string) {
	u.mu.Lock()
	delete(u.all, name)
	u.mu.Unlock()
}
