package writeunderrlock

import "sync"

// closing guards closed; what is read belongs to the goroutine that reads.
type rows struct {
	closing sync.RWMutex
	closed  bool
	row     []byte
	count   int
	total   int
}

func (r *rows) scan() bool {
	r.closing.RLock()
	defer r.closing.RUnlock()
	if r.closed {
		return false
	}
	r.row = r.row[:0]
	r.count++ // want write-under-rlock
	r.total++
	return true
}

func (r *rows) bytes() []byte { return r.row }

func (r *rows) close() int {
	r.closing.Lock()
	defer r.closing.Unlock()
	r.closed = true
	return r.count + r.total
}
