// A cache of pages that evicts the one used longest ago (healthy twin of list-unbounded).
//
// List and map both lead to every entry, entries come and go all the time, their number stays.
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

type lru struct {
	order   *list.List // the most recent first
	entries map[string]*list.Element
	most    int
}

var (
	pages     = newLRU(5_000)
	evictions int
)

func newLRU(most int) *lru {
	return &lru{order: list.New(), entries: map[string]*list.Element{}, most: most}
}

func (c *lru) get(page string) *visit {
	if element, ok := c.entries[page]; ok {
		c.order.MoveToFront(element)
		return element.Value.(*visit)
	}
	v := &visit{page: page, body: zoo.Fill(make([]byte, 2<<10))}
	c.entries[page] = c.order.PushFront(v)
	if c.order.Len() > c.most {
		oldest := c.order.Back()
		delete(c.entries, oldest.Value.(*visit).page)
		c.order.Remove(oldest)
		evictions++
	}
	return v
}

func main() {
	number := 0
	browse := func(n int) {
		for range n {
			pages.get(fmt.Sprint("/page/", number))
			pages.get(fmt.Sprint("/page/", number/2))
			number++
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() { browse(20_000) },
		Step: func() { browse(5) },
		Drop: func() { pages = newLRU(5_000) },
	})
}
