// A mail gateway that keeps the first lines of each message (pattern slice-pins-array).
//
// What is wrong: message[:end] is a short slice of the buffer that the whole message was read into. The
// collector frees arrays as a whole, so 200 bytes of headers keep 64 KiB of message.
//
// What the twin does: bytes.Clone copies what is to stay.
package main

import (
	"bytes"
	"fmt"

	"memsnap.test/leakzoo/zoo"
)

const recent = 500 // messages that the search page shows

var headers = make([][]byte, recent) // HOLDER

// receive reads a message and keeps its headers.
func receive(number int) {
	message := make([]byte, 64<<10) // LEAK
	read(message, number)
	end := bytes.Index(message, []byte("\r\n\r\n"))
	headers[number%recent] = message[:end]
}

// read stands for the network.
func read(message []byte, number int) {
	zoo.Fill(message)
	copy(message, fmt.Sprintf("From: user-%d@example.org\r\nTo: desk@example.org\r\nSubject: order %d\r\n\r\n", number, number))
}

func main() {
	received := 0
	zoo.Run(zoo.Program{
		Warm: func() {
			for ; received < recent; received++ {
				receive(received)
			}
		},
		Drop: func() {
			for i, header := range headers {
				headers[i] = bytes.Clone(header)
			}
		},
	})
}
