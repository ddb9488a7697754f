package truncatekeepspointers

import "sync"

type batch struct {
	mu      sync.Mutex
	items   []*item
	done    []*item
	pool    []*item
	workers []*item
	limit   int
}

// One remark for all slices of one object in one function.
func (b *batch) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = b.items[:0] // want warning:truncate-keeps-pointers
	b.done = b.done[:0]
}

// What was just appended is taken back, and appended again soon.
func (b *batch) try(i *item, send func([]*item) bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, i)
	if send(b.items) {
		b.items = nil
		return true
	}
	b.items = b.items[:len(b.items)-1]
	return false
}

func (b *batch) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.items); n > b.limit {
		b.items = b.items[:b.limit] // want warning:truncate-keeps-pointers
	}
}

// Who is taken from the pool is in use, and comes back.
func (b *batch) take() *item {
	b.mu.Lock()
	defer b.mu.Unlock()
	last := len(b.pool) - 1
	i := b.pool[last]
	b.pool = b.pool[:last]
	return i
}

// Longer, not shorter.
func (b *batch) grow(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n <= cap(b.workers) {
		b.workers = b.workers[:n]
		return
	}
	b.workers = append(make([]*item, 0, n), b.workers...)
}

// It may be longer as well as shorter.
func (b *batch) set(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.workers = b.workers[:n] // want note:truncate-keeps-pointers
}

// The closure clears what the function then cuts off.
func (b *batch) pop(n int) (out []*item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	move := func(i int) {
		out = append(out, b.items[i])
		b.items[i] = nil
	}
	for i := range n {
		move(i)
	}
	b.items = b.items[len(out):]
	return out
}

func (b *batch) add(all []*item, ok func(*item) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, i := range all {
		b.items = append(b.items, i)
		if !ok(i) {
			b.items = b.items[:len(b.items)-1]
		}
	}
}
