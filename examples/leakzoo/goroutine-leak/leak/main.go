// A price service that asks a slow backend and does not wait for ever (pattern goroutine-leak).
//
// What is wrong: the answer goes through a channel without a buffer. When the caller has timed out, nobody will
// ever receive from it, so the goroutine blocks in its send until the end of the process, with its answer.
//
// What the twin does: the channel has room for one answer, so the send never blocks; and a fixed number of
// workers, not a goroutine per call, talks to the backend.
package main

import (
	"errors"
	"time"
	"weak"

	"memsnap.test/leakzoo/zoo"
)

var errTimeout = errors.New("the backend did not answer in time")

type call struct {
	product int
	answer  chan []byte
}

// price gives the backend's answer, or an error when that takes too long.
func price(product int, patience time.Duration) ([]byte, error) {
	c := &call{product: product, answer: make(chan []byte)}
	calls = append(calls, weak.Make(c))
	go ask(c) // LEAK
	select {
	case answer := <-c.answer:
		return answer, nil
	case <-time.After(patience):
		return nil, errTimeout
	}
}

func ask(c *call) {
	time.Sleep(5 * time.Millisecond) // the backend
	c.answer <- zoo.Fill(make([]byte, 16<<10))
	c.product = 0 // answered
}

// calls lets this program do what a real one cannot: find the callers that it forgot. Weak pointers keep
// nothing alive and give nobody a way to wake a goroutine that a tool would have to know.
var calls []weak.Pointer[call]

func main() {
	timedOut := 0
	work := func(n int, patience time.Duration) {
		for product := range n {
			if _, err := price(product, patience); err != nil {
				timedOut++
			}
		}
	}
	steps := 0
	zoo.Run(zoo.Program{
		Warm: func() {
			work(2_000, 0)
			time.Sleep(100 * time.Millisecond)
		},
		Step: func() {
			if steps++; steps%2 == 0 {
				work(1, time.Millisecond)
			}
		},
		Drop: func() {
			time.Sleep(20 * time.Millisecond)
			for _, weakly := range calls {
				if c := weakly.Value(); c != nil {
					<-c.answer
				}
			}
			time.Sleep(20 * time.Millisecond)
			calls = nil
		},
		Measure: zoo.HeapAndStacks,
	})
}
