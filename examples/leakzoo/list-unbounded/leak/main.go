// A browser history per service, as a list that only grows (pattern list-unbounded).
//
// What is wrong: container/list makes it easy to put a visit in front and show the first twenty. Nobody takes
// one off the end.
//
// What the twin does: a cache with a list for the order and a map for the search, which evicts the oldest.
package main

import (
	"container/list"
	"fmt"

	"memsnap.test/leakzoo/zoo"
)

type visit struct {
	page string
	body []byte
}

var history = list.New() // HOLDER

func record(page string) {
	v := &visit{page: page, body: zoo.Fill(make([]byte, 2<<10))} // LEAK
	history.PushFront(v)
}

func main() {
	pages := 0
	browse := func(n int) {
		for range n {
			record(fmt.Sprint("/page/", pages))
			pages++
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() { browse(14_000) },
		Step: func() { browse(5) },
		Drop: func() { history.Init() },
	})
}
