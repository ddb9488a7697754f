package elempointerescapes

type item struct{ n int }

type list struct {
	items  []item
	oldest *item
}

func (l *list) add(n int) {
	l.items = append(l.items, item{n})
	if l.oldest == nil {
		l.oldest = &l.items[0] // want elem-pointer-escapes
	}
}

func local(n int) *item {
	items := []item{{1}}
	first := &items[0] // want elem-pointer-escapes
	for i := 0; i < n; i++ {
		items = append(items, item{i})
	}
	items[0].n = 5
	return first
}

func (l *list) clear() { l.items, l.oldest = nil, nil }
