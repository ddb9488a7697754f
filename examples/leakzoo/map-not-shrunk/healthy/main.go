// The ticket office of ../leak, which moves to a smaller table after the rush (healthy twin of map-not-shrunk).
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

var (
	open = map[uint64]reservation{}
	most int // entries since the last move
)

func reserve(number uint64) {
	open[number] = reservation{customer: number, seats: [4]uint32{1, 2}, until: time.Now().Add(time.Hour), price: 90}
	most = max(most, len(open))
}

func pay(number uint64) {
	delete(open, number)
	if most > 1024 && len(open) < most/16 {
		shrink()
	}
}

func shrink() {
	moved := make(map[uint64]reservation, len(open))
	for number, entry := range open {
		moved[number] = entry
	}
	open, most = moved, len(moved)
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
		Drop: func() { open = map[uint64]reservation{} },
	})
}
