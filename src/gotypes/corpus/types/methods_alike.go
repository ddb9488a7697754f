package p

type I interface {
	M() T
	M(
