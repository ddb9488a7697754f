// A ticket office whose table of reservations was large for one morning (pattern map-not-shrunk).
//
// What is wrong: when a concert goes on sale, some hundred thousand reservations are open at once. All of them
// are deleted when they are paid, but a Go map never gives its slots back: the table of that morning stays.
//
// What the twin does: when few entries are left of many, it moves them to a new map. (maps.Clone would not do:
// it copies the slots as they are.)
package main

import (
	"time"

	"memsnap.test/leakzoo/zoo"
)

type reservation struct {
	customer uint64
	seats    [4]uint32
	until    time.Time
	price    uint64
}

var open = map[uint64]reservation{} // HOLDER

func reserve(number uint64) {
	open[number] = reservation{customer: number, seats: [4]uint32{1, 2}, until: time.Now().Add(time.Hour), price: 90} // LEAK
}

func pay(number uint64) {
	delete(open, number)
}

func main() {
	const rush, usual = 300_000, 200
	next := uint64(0)
	zoo.Run(zoo.Program{
		Warm: func() {
			for ; next < rush; next++ {
				reserve(next)
			}
			for number := range next - usual {
				pay(number)
			}
		},
		Step: func() {
			reserve(next)
			pay(next - usual)
			next++
		},
		Drop: func() {
			moved := make(map[uint64]reservation, len(open))
			for number, entry := range open {
				moved[number] = entry
			}
			open = moved
		},
	})
}
