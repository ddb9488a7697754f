package mapinsertinrange

func square(m map[int]int) {
	for k, v := range m {
		m[k*k] = v // want map-insert-in-range
	}
}

type index struct{ names map[string]string }

func newIndex() *index { return &index{names: map[string]string{}} }

func (x *index) mirror() {
	for k, v := range x.names {
		x.names[v] = k // want map-insert-in-range
	}
}
