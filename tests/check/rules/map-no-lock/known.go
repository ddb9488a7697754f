package mapnolock

import "sync"

type registry struct {
	other sync.Mutex
	mu    sync.Mutex
	byID  map[int]string
	names map[string]int
	index map[string]int
}

func (r *registry) add(id int, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byID[id] = name
	r.names[name] = id
}

func (r *registry) remove(id int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.names, r.byID[id])
	delete(r.byID, id)
}

func (r *registry) name(id int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byID[id]
}

// Somebody else calls it, and what he holds is not known here.
func (r *registry) remover(id int) func() {
	return func() { delete(r.byID, id) }
}

// The maker waits for its goroutines, under the lock.
func (r *registry) all(do func(string)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var wait sync.WaitGroup
	for id := range r.byID {
		wait.Add(1)
		go func() {
			defer wait.Done()
			do(r.byID[id])
		}()
	}
	wait.Wait()
}

// Three calls away from the lock.
func (r *registry) rename(id int, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.change(id, name)
}
func (r *registry) change(id int, name string) { r.put(id, name) }
func (r *registry) put(id int, name string)    { r.store(id, name) }
func (r *registry) store(id int, name string)  { r.byID[id] = name }

// It is made, and then it is filled by a function of its own.
func newRegistry(names []string) *registry {
	r := &registry{byID: map[int]string{}, names: map[string]int{}}
	fill(r, names)
	return r
}

func fill(r *registry, names []string) {
	for id, name := range names {
		setFirst(r, id, name)
	}
}

func setFirst(r *registry, id int, name string) { r.byID[id] = name }

func open(names []string) *registry {
	r := newRegistry(names)
	r.byID[0] = "root"
	return r
}

// The lock is not needed here: only the shutdown calls it.
func (r *registry) last() int {
	// No lock needed.
	return len(r.byID)
}

// What ensure has set never changes.
func (r *registry) ensure() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.index != nil {
		return
	}
	r.index = map[string]int{}
}

func (r *registry) find(name string) int {
	r.ensure()
	return r.index[name]
}

func (r *registry) ready() bool {
	// Safe to read: only the callbacks write, and they come one after the other.
	return len(r.byID) == len(r.names)
}

// Start makes what nobody shares yet.
func (r *registry) Start() { r.names = map[string]int{} }
