package mapgrowonly

import "sync"

var protocols = map[string]int{}

var readProtocols = sync.OnceFunc(func() {
	for i, line := range []string{"tcp", "udp"} {
		protocols[line] = i
	}
})

func Protocol(name string) int {
	readProtocols()
	return protocols[name]
}

var fields = map[string]bool{}

func init() {
	add := func(name string) { fields[name] = true }
	add("a")
	add("b")
}

var serial = map[string]int{}

func next(kind string) int {
	guard.Lock()
	defer guard.Unlock()
	serial[kind]++
	return serial[kind]
}

func Client() int { return next("client") }
func Server() int { return next("server") }

var series = map[string]int{}

func nextOf(kind string) int {
	guard.Lock()
	defer guard.Unlock()
	series[kind]++ // want map-grow-only
	return series[kind]
}

func Of(name string) int { return nextOf(name) + nextOf("all") }

type command struct{ name string }

var commands = map[string]command{}

func Complete() {
	guard.Lock()
	defer guard.Unlock()
	help := command{name: "help"}
	commands[help.name] = help
}

func CompleteWith(c command) {
	guard.Lock()
	defer guard.Unlock()
	other := command{name: c.name + "-all"}
	perCommand[other.name] = other // want map-grow-only
}

var perCommand = map[string]command{}

// A registry for other programs.
var formats = map[string]func(){}

func AddFormat(name string, f func()) { formats[name] = f }

var groups = map[string]int{}

// Who comes twice is a mistake of the program.
func NewGroup(name string, n int) {
	guard.Lock()
	defer guard.Unlock()
	if _, dup := groups[name]; dup {
		panic("duplicate group " + name)
	}
	groups[name] = n
}

var counts = map[string]int{}

func NewCount(name string, n int) {
	guard.Lock()
	defer guard.Unlock()
	if _, dup := counts[name]; dup {
		n++
	}
	counts[name] = n // want map-grow-only
}

type component struct{ name string }

var components = map[string]*component{}

var core, net = Component("core"), Component("net")

func Component(name string) *component {
	if c, ok := components[name]; ok {
		return c
	}
	c := &component{name}
	components[name] = c
	return c
}

type seenSet struct{}

var warned = map[string]seenSet{}

// Next to nothing is kept for each name.
func Warn(name string) {
	guard.Lock()
	defer guard.Unlock()
	warned[name] = seenSet{} // want note:map-grow-only
}

var pages = map[string]*component{}

func Page(name string) {
	guard.Lock()
	defer guard.Unlock()
	pages[name] = &component{name} // want warning:map-grow-only
}

var writers = map[string]*component{}

func registerWriter(name string, c *component) bool {
	if _, ok := writers[name]; ok {
		return false
	}
	writers[name] = c
	return true
}

func Writer(name string) bool { return registerWriter(name, &component{name}) }
