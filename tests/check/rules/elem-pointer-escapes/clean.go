package elempointerescapes

func never(items []item) *item { return &items[0] }

func short(n int) int {
	items := make([]item, 0, n)
	for i := 0; i < n; i++ {
		items = append(items, item{i})
	}
	sum := 0
	for i := range items {
		it := &items[i]
		sum += it.n
	}
	return sum
}

func builtFirst(n int) map[int]*item {
	items := make([]item, n)
	byN := make(map[int]*item, n)
	for i := range items {
		byN[i] = &items[i]
	}
	return byN
}

func exact(n int) []*item {
	store := make([]item, 0, n)
	out := make([]*item, 0, n)
	for i := 0; i < n; i++ {
		store = append(store, item{i})
		out = append(out, &store[i])
	}
	return out
}

type bits struct{ data []byte }

func (b *bits) add(one byte) { b.data = append(b.data, one) }

type shape struct{ mask *byte }

// finished takes the address when its bits are complete; nobody else has them.
func finished(s *shape, all []byte) {
	b := &bits{}
	for _, one := range all {
		b.add(one)
	}
	s.mask = &b.data[0]
}
