package truncatekeepspointers

import "slices"

type ints struct{ values []int }

func (s *ints) pop() int {
	last := s.values[len(s.values)-1]
	s.values = s.values[:len(s.values)-1]
	return last
}

type cleared struct{ items []*item }

func (s *cleared) push(i *item) { s.items = append(s.items, i) }

func (s *cleared) pop() *item {
	last := s.items[len(s.items)-1]
	s.items[len(s.items)-1] = nil
	s.items = s.items[:len(s.items)-1]
	return last
}

func (s *cleared) reset() {
	clear(s.items)
	s.items = s.items[:0]
}

func (s *cleared) resetByLoop() {
	for i := range s.items {
		s.items[i] = nil
	}
	s.items = s.items[:0]
}

func (s *cleared) remove(i int) { s.items = slices.Delete(s.items, i, i+1) }

func (s *cleared) refill(from []*item) {
	s.items = s.items[:0]
	s.items = append(s.items, from...)
}

func local(texts []string) int {
	var items []*item
	n := 0
	for _, t := range texts {
		items = append(items, &item{t})
		if len(items) == 10 {
			n += len(items)
			items = items[:0]
		}
	}
	return n + len(items)
}
