// The bus of ../leak with a way out (healthy twin of listener-leak).
//
// There are always some hundred listeners, and they change all the time.
package main

import (
	"sync"

	"memsnap.test/leakzoo/zoo"
)

type bus struct {
	mu        sync.Mutex
	listeners map[int]func(price int)
	next      int
}

var prices = &bus{listeners: map[int]func(price int){}}

func (b *bus) subscribe(listener func(price int)) (unsubscribe func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	number := b.next
	b.next++
	b.listeners[number] = listener
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.listeners, number)
	}
}

func (b *bus) publish(price int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, listener := range b.listeners {
		listener(price)
	}
}

type connection struct {
	last        int
	output      []byte
	unsubscribe func()
}

func accept() *connection {
	c := &connection{output: zoo.Fill(make([]byte, 4<<10))}
	c.unsubscribe = prices.subscribe(func(price int) { c.last = price })
	return c
}

func (c *connection) close() { c.unsubscribe() }

var open [300]*connection // a ring: the oldest connection ends when a new one comes

func main() {
	accepted := 0
	connect := func(n int) {
		for range n {
			place := &open[accepted%len(open)]
			if *place != nil {
				(*place).close()
			}
			*place = accept()
			accepted++
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() { connect(1_000) },
		Step: func() {
			connect(3)
			prices.publish(accepted)
		},
		Drop: func() {
			clear(open[:])
			clear(prices.listeners)
		},
	})
}
