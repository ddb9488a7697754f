// The map server of ../leak, which unmaps what it replaces (healthy twin of off-heap).
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
	place := &t.current[number%len(t.current)]
	old := *place
	*place = memory
	if old == nil {
		return nil
	}
	return syscall.Munmap(old)
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
			for _, memory := range world.current {
				if err := syscall.Munmap(memory); err != nil {
					log.Fatal(err)
				}
			}
			world = tiles{}
		},
		Measure: zoo.Resident,
	})
}
