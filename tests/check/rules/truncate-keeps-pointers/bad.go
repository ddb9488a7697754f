package truncatekeepspointers

type item struct{ text string }

type stack struct{ items []item }

func (s *stack) push(text string) { s.items = append(s.items, item{text}) }

func (s *stack) pop() string {
	last := s.items[len(s.items)-1].text
	s.items = s.items[:len(s.items)-1] // want truncate-keeps-pointers
	return last
}

func (s *stack) shift() string {
	first := s.items[0].text
	s.items = s.items[1:] // want truncate-keeps-pointers
	return first
}

var pending []*item

func add(i *item) {
	if len(pending) == cap(pending) {
		pending = pending[:0] // want truncate-keeps-pointers
	}
	pending = append(pending, i)
}
