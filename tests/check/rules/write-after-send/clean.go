package writeaftersend

import "maps"

func renewed(out chan<- map[string]int) {
	m := map[string]int{"a": 1}
	out <- m
	m = map[string]int{}
	m["b"] = 2
}

func before(out chan<- map[string]int) {
	m := map[string]int{"a": 1}
	m["b"] = 2
	out <- m
}

func acked(out chan<- map[string]int, ack <-chan bool) {
	m := map[string]int{"a": 1}
	out <- m
	<-ack
	m["b"] = 2
}

func cloned(out chan<- map[string]int) {
	m := map[string]int{"a": 1}
	out <- maps.Clone(m)
	m["b"] = 2
}

func otherBranch(out chan<- map[string]int, now bool) {
	m := map[string]int{}
	if now {
		out <- m
		return
	}
	m["b"] = 2
}

func otherField(use func(int)) {
	st := &pair{a: 1}
	go func() { use(st.a) }()
	st.b = 2
}

type pair struct{ a, b int }

func waited(use func(int), done chan bool) {
	st := &state{n: 1}
	go func() {
		use(st.n)
		done <- true
	}()
	<-done
	st.n = 2
}
