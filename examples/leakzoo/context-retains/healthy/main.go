// The chat server of ../leak, which cancels (healthy twin of context-retains).
//
// Two hundred connections are open at any time; their contexts are children of the server's.
package main

import (
	"context"

	"memsnap.test/leakzoo/zoo"
)

type key struct{}

type peer struct {
	number int
	input  []byte
}

type connection struct {
	ctx    context.Context
	cancel context.CancelFunc
	open   bool
}

var (
	server, shutdown = context.WithCancel(context.Background())
	connections      [200]*connection
)

func accept(number int) *connection {
	p := &peer{number: number, input: zoo.Fill(make([]byte, 4<<10))}
	ctx, cancel := context.WithCancel(context.WithValue(server, key{}, p))
	return &connection{ctx: ctx, cancel: cancel, open: true}
}

func (c *connection) hangUp() {
	c.open = false
	c.cancel()
}

func main() {
	number := 0
	chat := func(n int) {
		for range n {
			place := &connections[number%len(connections)]
			if *place != nil {
				(*place).hangUp()
			}
			*place = accept(number)
			number++
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() { chat(2_000) },
		Step: func() { chat(3) },
		Drop: func() {
			shutdown()
			clear(connections[:])
		},
	})
}
