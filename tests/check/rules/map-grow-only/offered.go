package mapgrowonly

import (
	"flag"
	"maps"
	"slices"
	"strings"
	"sync"
)

type environment struct{ host string }

var environments = map[string]environment{}

// Nothing here calls it: other programs say what they have.
func SetEnvironment(name string, one environment) {
	environments[strings.ToUpper(name)] = one // want note:map-grow-only
}

func Environment(name string) environment { return environments[name] }

var offices = map[string]environment{}

func Resolve(name string) environment {
	one, ok := offices[name]
	if !ok {
		one = environment{host: name + ".example"}
		offices[name] = one // want warning:map-grow-only
	}
	return one
}

// ---- A name that another table has

var makers = map[string]func() *environment{"a": func() *environment { return nil }}

var made = map[string]*environment{}

func Make(name string) *environment {
	guard.Lock()
	defer guard.Unlock()
	f, found := makers[name]
	if !found {
		return nil
	}
	made[name] = f()
	return made[name]
}

var madeOfAny = map[string]*environment{}

func MakeAny(name string) *environment {
	guard.Lock()
	defer guard.Unlock()
	f, found := makers[name]
	if !found {
		f = makers["a"]
	}
	madeOfAny[name] = f() // want warning:map-grow-only
	return madeOfAny[name]
}

// ---- Flags

type flagFunc func(string) error

func (f flagFunc) Set(s string) error { return f(s) }
func (f flagFunc) String() string     { return "" }

var renamed = map[string]string{}

func rename(s string) error {
	from, to, _ := strings.Cut(s, "=")
	renamed[from] = to
	return nil
}

func Flags() {
	flag.Var(flagFunc(rename), "rename", "from=to")
	flag.Func("alias", "from=to", func(s string) error {
		aliases[s] = s
		return nil
	})
}

var aliases = map[string]string{}

// ---- A look at the length

var sizes = map[string]*environment{}
var sizesMu sync.Mutex

func Size(name string) *environment {
	sizesMu.Lock()
	defer sizesMu.Unlock()
	if len(sizes) >= 1000 {
		for range sizes {
			break
		}
	}
	sizes[name] = &environment{} // want warning:map-grow-only
	return sizes[name]
}

func Sizes() []string {
	sizesMu.Lock()
	defer sizesMu.Unlock()
	return slices.Sorted(maps.Keys(sizes))
}

var few = map[string]*environment{}

func Few(name string) *environment {
	sizesMu.Lock()
	defer sizesMu.Unlock()
	if len(few) >= 1000 {
		few = map[string]*environment{}
	}
	few[name] = &environment{}
	return few[name]
}

var full = map[string]*environment{}

func Full(name string) *environment {
	sizesMu.Lock()
	defer sizesMu.Unlock()
	if len(full) >= 1000 && name != "" {
		return nil
	}
	full[name] = &environment{}
	return full[name]
}
