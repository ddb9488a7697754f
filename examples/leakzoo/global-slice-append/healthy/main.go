// The audit trail of ../leak as a ring (healthy twin of global-slice-append).
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

var (
	trail  = make([]event, 1000)
	booked int
)

func book(account int) {
	detail := zoo.Fill(make([]byte, 1<<10))
	trail[booked%len(trail)] = event{at: time.Now(), account: account, detail: detail}
	booked++
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
		Drop: func() { clear(trail) },
	})
}
