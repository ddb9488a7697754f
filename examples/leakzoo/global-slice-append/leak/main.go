// An accounting service that keeps its audit trail in memory (pattern global-slice-append).
//
// What is wrong: a package-level slice gets an entry per booking and is never cut. It was meant for the last
// few, for a debug page.
//
// What the twin does: it keeps the last thousand in a ring.
package main

import (
	"time"

	"memsnap.test/leakzoo/zoo"
)

type event struct {
	at      time.Time
	account int
	detail  []byte
}

var trail []event // HOLDER

func book(account int) {
	detail := zoo.Fill(make([]byte, 1<<10)) // LEAK
	trail = append(trail, event{at: time.Now(), account: account, detail: detail})
}

func main() {
	work := func(n int) {
		for i := range n {
			book(i)
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() { work(28_000) },
		Step: func() { work(10) },
		Drop: func() { trail = nil },
	})
}
