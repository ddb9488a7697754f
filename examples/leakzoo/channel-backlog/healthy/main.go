// The order service of ../leak, whose writer survives an error (healthy twin of channel-backlog).
package main

import (
	"errors"
	"sync/atomic"
	"time"

	"memsnap.test/leakzoo/zoo"
)

type record struct {
	order int
	body  []byte
}

var (
	audit = make(chan *record, 10_000)
	lost  atomic.Int64
)

func handle(order int) {
	audit <- &record{order: order, body: zoo.Fill(make([]byte, 3<<10))}
}

func write() {
	for r := range audit {
		if err := archive(r); err != nil {
			lost.Add(1)
		}
	}
}

func archive(r *record) error {
	if r.order%100 == 0 {
		return errors.New("archive: connection reset by peer")
	}
	return nil
}

func main() {
	order := 0
	serve := func(n int) {
		for range n {
			handle(order)
			order++
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() {
			go write()
			serve(10_000)
			time.Sleep(100 * time.Millisecond)
		},
		Step: func() { serve(3) },
		Drop: func() { close(audit) },
	})
}
