// The price service of ../leak with workers (healthy twin of goroutine-leak).
//
// Sixty-four goroutines wait all day for something to do. That is what workers are for.
package main

import (
	"errors"
	"time"

	"memsnap.test/leakzoo/zoo"
)

var errTimeout = errors.New("the backend did not answer in time")

type call struct {
	product int
	answer  chan []byte
}

var queue = make(chan *call, 256)

func startWorkers(n int) {
	for range n {
		go work()
	}
}

func work() {
	for c := range queue {
		time.Sleep(5 * time.Millisecond) // the backend
		c.answer <- zoo.Fill(make([]byte, 16<<10))
	}
}

func price(product int, patience time.Duration) ([]byte, error) {
	c := &call{product: product, answer: make(chan []byte, 1)}
	queue <- c
	select {
	case answer := <-c.answer:
		return answer, nil
	case <-time.After(patience):
		return nil, errTimeout
	}
}

func main() {
	startWorkers(64)
	timedOut := 0
	ask := func(n int, patience time.Duration) {
		for product := range n {
			if _, err := price(product, patience); err != nil {
				timedOut++
			}
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() {
			ask(1_000, 0)
			time.Sleep(200 * time.Millisecond)
		},
		Step: func() { ask(1, time.Millisecond) },
		Drop: func() { close(queue) },
	})
}
