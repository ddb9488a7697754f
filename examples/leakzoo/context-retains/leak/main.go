// A chat server whose connections are never cancelled (pattern context-retains).
//
// What is wrong: context.WithCancel enters the new context in the list of children of its parent, and cancel
// takes it out again. hangUp does not call cancel, so the server's context keeps the context of every
// connection that ever was, and through its values what the connection had.
//
// What the twin does: hangUp calls cancel. (Where a function makes the context and uses it, defer cancel().)
package main

import (
	"context"

	"memsnap.test/leakzoo/zoo"
)

type key struct{}

// peer is what handlers find in the context of their connection.
type peer struct {
	number int
	input  []byte
}

type connection struct {
	ctx    context.Context
	cancel context.CancelFunc
	open   bool
}

var server, shutdown = context.WithCancel(context.Background()) // HOLDER

func accept(number int) *connection {
	p := &peer{number: number, input: zoo.Fill(make([]byte, 4<<10))} // LEAK
	ctx, cancel := context.WithCancel(context.WithValue(server, key{}, p))
	return &connection{ctx: ctx, cancel: cancel, open: true}
}

func (c *connection) hangUp() {
	c.open = false
}

func main() {
	number := 0
	chat := func(n int) {
		for range n {
			accept(number).hangUp()
			number++
		}
	}
	steps := 0
	zoo.Run(zoo.Program{
		Warm: func() { chat(7_000) },
		Step: func() {
			if steps++; steps%2 == 0 {
				chat(5)
			}
		},
		Drop: func() { shutdown() },
	})
}
