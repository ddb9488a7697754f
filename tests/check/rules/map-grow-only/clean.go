package mapgrowonly

import "sync"

// A registry: written while the program starts and read later.
var drivers = map[string]func(){}

func register(name string, f func()) { drivers[name] = f }

func init() {
	register("a", func() {})
	drivers["b"] = func() {}
}

func Driver(name string) func() { return drivers[name] }

type kind uint8

var byKind = map[kind]int{}

var byFlag = map[bool]int{}

var guard sync.Mutex

func CountKind(k kind, flag bool) {
	guard.Lock()
	defer guard.Unlock()
	byKind[k]++
	byFlag[flag]++
}

var pruned = map[string]int{}

func Put(k string, v int) {
	guard.Lock()
	defer guard.Unlock()
	if len(pruned) > 1000 {
		clear(pruned)
	}
	pruned[k] = v
}

var replaced = map[string]int{}

func Set(k string, v int) {
	guard.Lock()
	defer guard.Unlock()
	replaced[k] = v
}

func Reload() {
	guard.Lock()
	defer guard.Unlock()
	replaced = map[string]int{}
}

var fixedKeys = map[string]int{}

func CountFixed(ok bool) {
	guard.Lock()
	defer guard.Unlock()
	if ok {
		fixedKeys["ok"]++
	} else {
		fixedKeys["failed"]++
	}
}

// local dies with its function.
func local(keys []string) int {
	m := map[string]int{}
	for i, k := range keys {
		if k != "" {
			m[k] = i
		}
	}
	return len(m)
}

var (
	portsOnce sync.Once
	ports     = map[string]int{}
)

func port(name string, lines []string) int {
	portsOnce.Do(func() {
		for i, line := range lines {
			ports[line] = i
		}
	})
	return ports[name]
}
