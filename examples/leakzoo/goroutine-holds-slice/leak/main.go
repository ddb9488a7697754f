// A service that keeps callers waiting for their result, and what they sent (pattern goroutine-holds-slice).
//
// What is wrong: wait holds the uploaded document while it waits, for hours perhaps, only because it wants the
// checksum of it afterwards. The number of callers does not grow; each of them keeps a megabyte.
//
// What the twin does: it takes the checksum first, so that only four bytes have to wait.
package main

import (
	"hash/crc32"
	"sync"
	"time"

	"memsnap.test/leakzoo/zoo"
)

const callers = 30

var (
	results = make([]chan string, callers) // one for each caller
	sums    = map[uint32]string{}
	mu      sync.Mutex
	done    sync.WaitGroup
)

// wait takes a document, waits for its result and notes both.
func wait(result <-chan string) {
	defer done.Done()
	document := make([]byte, 1<<20) // LEAK
	upload(document)
	verdict := <-result
	mu.Lock()
	defer mu.Unlock()
	sums[crc32.ChecksumIEEE(document)] = verdict
}

// upload stands for the network.
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
