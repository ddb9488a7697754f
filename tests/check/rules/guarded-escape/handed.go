package guardedescape

import "sync"

type queue struct {
	mu    sync.Mutex
	batch []int
	kept  []int
	out   chan []int
}

func (q *queue) set(i, v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.batch[i] = v
	q.kept[i] = v
}

// What is sent is the receiver's; the queue goes on with another one.
func (q *queue) flush() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case q.out <- q.batch:
		q.batch = make([]int, 10)
		return true
	default:
		return false
	}
}

func (q *queue) show() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.out <- q.kept // want guarded-escape
}

// One remark for a function.
func (q *queue) either(first bool) []int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if first {
		return q.kept // want guarded-escape
	}
	return q.kept
}
