// An event bus whose listeners never leave (pattern listener-leak).
//
// What is wrong: each connection subscribes a function to price changes. The function has captured the
// connection with its buffers. When the connection ends, nobody takes the function off the bus.
//
// What the twin does: subscribe returns a function that takes the listener off, and close calls it.
package main

import (
	"sync"

	"memsnap.test/leakzoo/zoo"
)

type bus struct {
	mu        sync.Mutex
	listeners []func(price int)
}

var prices = &bus{} // HOLDER

func (b *bus) subscribe(listener func(price int)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.listeners = append(b.listeners, listener)
}

func (b *bus) publish(price int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, listener := range b.listeners {
		listener(price)
	}
}

type connection struct {
	last   int
	closed bool
	output []byte
}

func accept() *connection {
	c := &connection{output: zoo.Fill(make([]byte, 4<<10))} // LEAK
	prices.subscribe(func(price int) { c.last = price })
	return c
}

func (c *connection) close() { c.closed = true }

func main() {
	connect := func(n int) {
		for range n {
			accept().close()
		}
	}
	ticks := 0
	zoo.Run(zoo.Program{
		Warm: func() { connect(7_000) },
		Step: func() {
			if ticks++; ticks%2 == 0 {
				connect(5)
			}
			if ticks%100 == 0 {
				prices.publish(ticks)
			}
		},
		Drop: func() { prices.listeners = nil },
	})
}
