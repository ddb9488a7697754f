package p

type L[T any] struct{ n *L[T]; v T }

func (l *L[U]) F(u U) (U, error) {
	for i, x := range []U{u} {
		if m := map[string]U{"a": x}; len(m) > i {
			return m["a"], nil
		}
	}
	return Map([]U{u}, func(u U) U { return u })[0], nil
}

func Map[S ~[]E, E, R any](s S, f func(E) R) []R { return nil }

var c = iota + 1<<3
