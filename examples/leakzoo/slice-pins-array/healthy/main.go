// The gateway of ../leak, which copies the headers out of the message (healthy twin of slice-pins-array).
package main

import (
	"bytes"
	"fmt"

	"memsnap.test/leakzoo/zoo"
)

const recent = 500

var headers = make([][]byte, recent)

func receive(number int) {
	message := make([]byte, 64<<10)
	read(message, number)
	end := bytes.Index(message, []byte("\r\n\r\n"))
	headers[number%recent] = bytes.Clone(message[:end])
}

func read(message []byte, number int) {
	zoo.Fill(message)
	copy(message, fmt.Sprintf("From: user-%d@example.org\r\nTo: desk@example.org\r\nSubject: order %d\r\n\r\n", number, number))
}

func main() {
	received := 0
	next := func() {
		receive(received)
		received++
	}
	zoo.Run(zoo.Program{
		Warm: func() {
			for range recent {
				next()
			}
		},
		Step: next,
		Drop: func() { clear(headers) },
	})
}
