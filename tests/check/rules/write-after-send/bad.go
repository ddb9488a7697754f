package writeaftersend

func send(out chan<- map[string]int) {
	m := map[string]int{"a": 1}
	out <- m
	m["b"] = 2 // want write-after-send
}

func start(work func([]int)) {
	s := []int{1, 2, 3}
	go work(s)
	s[0] = 4 // want write-after-send
}

type state struct{ n int }

func pointer(out chan<- *state) {
	st := &state{n: 1}
	out <- st
	st.n++ // want write-after-send
}

func closure(use func(int)) {
	st := &state{n: 1}
	go func() { use(st.n) }()
	st.n = 2 // want write-after-send
}
