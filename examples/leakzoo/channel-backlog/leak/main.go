// An order service whose writer has given up (pattern channel-backlog).
//
// What is wrong: the writer returns at its first error. Nobody receives any more; the buffer fills up with
// ten thousand records, and the requests that come after wait in their send.
//
// What the twin does: the writer counts the error and goes on.
package main

import (
	"errors"
	"log"
	"time"

	"memsnap.test/leakzoo/zoo"
)

type record struct {
	order int
	body  []byte
}

var audit = make(chan *record, 10_000) // HOLDER

func handle(order int) {
	audit <- &record{order: order, body: zoo.Fill(make([]byte, 3<<10))} // LEAK
}

// write sends the records to the archive until that fails.
func write() {
	for r := range audit {
		if err := archive(r); err != nil {
			log.Print(err)
			return
		}
	}
}

func archive(r *record) error {
	if r.order == 100 {
		return errors.New("archive: connection reset by peer")
	}
	return nil
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			go write()
			for order := range cap(audit) {
				handle(order)
			}
			for order := range 200 { // requests that are in flight
				go handle(cap(audit) + order)
			}
			time.Sleep(100 * time.Millisecond)
		},
		Drop: func() {
			for {
				select {
				case <-audit:
				case <-time.After(50 * time.Millisecond):
					return
				}
			}
		},
	})
}
