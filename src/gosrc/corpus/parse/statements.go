// Package p has every statement.
package p

import (
	. "fmt"
	_ "embed"
	s "strings"
)

var a, b = 1, "x"

const (
	c = iota
	d
)

func f(x int, y ...string) (z int, err error) {
	defer func() { recover() }()
	go f(1, y...)
outer:
	for i := 0; i < 10; i++ {
		switch v := i * 2; {
		case v > 3, v == 1:
			fallthrough
		default:
			continue outer
		}
	}
	for k, v := range map[string][]int{"a": {1, 2}, "b": nil} {
		_, _ = k, v[1:2:3]
	}
	for range 10 {
		break
	}
	select {
	case v, ok := <-ch:
		_ = v
	case ch <- 1:
	default:
	}
	switch t := any(x).(type) {
	case int, *string:
		goto end
	case interface{ M() }:
		_ = t
	}
	if p := (T{1}); p.a == 1 {
		x++
	} else if x &^= 2; x != 0 {
		return 1, nil
	} else {
	}
end:
	;
	x, a = a, x
	return
}
