// A map server that keeps its tiles outside the Go heap (pattern off-heap).
//
// What is wrong: tiles lie in anonymous mappings, so that the collector has less to do. A new version of a tile
// gets a new mapping, and nobody unmaps the old one: the process grows, and every Go profile says that the heap
// is small.
//
// What the twin does: it unmaps the old version when the new one is in place.
package main

import (
	"log"
	"sync"
	"syscall"

	"memsnap.test/leakzoo/zoo"
)

const tileSize = 128 << 10

type tiles struct {
	mu      sync.Mutex
	current [16][]byte
	mapped  [][]byte // every mapping there is
}

var world tiles

func (t *tiles) update(number int) error {
	memory, err := syscall.Mmap(-1, 0, tileSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return err
	}
	draw(memory)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current[number%len(t.current)] = memory
	t.mapped = append(t.mapped, memory)
	return nil
}

func draw(tile []byte) { zoo.Fill(tile) }

func main() {
	updates := 0
	update := func(n int) {
		for range n {
			if err := world.update(updates); err != nil {
				log.Fatal(err)
			}
			updates++
		}
	}
	steps := 0
	zoo.Run(zoo.Program{
		Warm: func() { update(320) },
		Step: func() {
			if steps++; steps%12 == 0 {
				update(1)
			}
		},
		Drop: func() {
			for _, memory := range world.mapped {
				if err := syscall.Munmap(memory); err != nil {
					log.Fatal(err)
				}
			}
			world = tiles{}
		},
		Measure: zoo.Resident,
	})
}
