package p

type (
	A[P *C]           int
	B[P *C,]          int
	D[P *E | ~F]      struct{ a, b int `tag`; *G; H[int]; i.J }
	K[T any, U ~[]T]  = map[T]chan<- U
	L                 interface{ ~int | string; M(int) (a, b error); N[int]; error }
	O                 func(a, b int, c ...<-chan (int)) func()
	Q                 [...]int
	R[P interface{ M() }] struct{}
)

func (r *R[_]) m[T any](x T) { _ = new(x); _ = m[int](1); _ = (<-chan<- chan int)(nil); _ = []int{0: 1, 2} }
func external(int, string)
