// The service of ../leak, which lets go of the document before it waits (healthy twin of goroutine-holds-slice).
package main

import (
	"hash/crc32"
	"sync"
	"time"

	"memsnap.test/leakzoo/zoo"
)

const callers = 30

var (
	results = make([]chan string, callers)
	sums    = map[uint32]string{}
	mu      sync.Mutex
	done    sync.WaitGroup
)

func wait(result <-chan string) {
	defer done.Done()
	sum := receive()
	verdict := <-result
	mu.Lock()
	defer mu.Unlock()
	sums[sum] = verdict
}

// receive takes a document and gives its checksum.
func receive() uint32 {
	document := make([]byte, 1<<20)
	upload(document)
	return crc32.ChecksumIEEE(document)
}

func upload(document []byte) { zoo.Fill(document) }

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			for i := range results {
				results[i] = make(chan string)
				done.Add(1)
				go wait(results[i])
			}
			time.Sleep(100 * time.Millisecond)
		},
		Drop: func() {
			for _, result := range results {
				result <- "accepted"
			}
			done.Wait()
		},
	})
}
