package slicegrowonly

// A graph lies in a checker, of which each run makes one.
type graph struct{ edges []int }

type checker struct{ mono graph }

var last *checker

func Check(edges []int) int {
	c := &checker{}
	last = c
	for _, e := range edges {
		c.mono.add(e)
	}
	return len(c.mono.edges)
}

func (g *graph) add(e int) { g.edges = append(g.edges, e) }

// Of these there is one for the whole program.
type trace struct{ steps []int }

type tracer struct{ all trace }

var tracing tracer

func Step(s int) { tracing.all.add(s) }

func (t *trace) add(s int) { t.steps = append(t.steps, s) } // want slice-grow-only

type set struct{ names []string }

var standard set

// A copy of its own gets longer.
func With(names []string) set {
	s := standard
	for _, name := range names {
		s.names = append(s.names, name)
	}
	return s
}

var kinds []string

var first, second = NewKind("first"), NewKind("second")

// Only initialisers of variables call it.
func NewKind(name string) int {
	kinds = append(kinds, name)
	return len(kinds)
}

var hooks []func()

func Hook(f func()) { hooks = append(hooks, f) } // want note:slice-grow-only

var results []int

// Nobody outside can call it.
func measure(n int) {
	for i := range n {
		results = append(results, i) // want note:slice-grow-only
	}
}

var events []int

func Event(n int) { events = append(events, n) } // want warning:slice-grow-only
