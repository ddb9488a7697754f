package nilmapwrite

import (
	"encoding/json"
	"maps"
)

type lazy struct{ m map[string]int }

func (l *lazy) set(k string) {
	if l.m == nil {
		l.m = make(map[string]int)
	}
	l.m[k] = 1
}

type built struct{ m map[string]int }

func newBuilt() *built { return &built{m: make(map[string]int)} }

func (b *built) set(k string) { b.m[k] = 1 }

type unkeyed struct{ m map[string]int }

func newUnkeyed(m map[string]int) unkeyed { return unkeyed{m} }

func (u *unkeyed) set(k string) { u.m[k] = 1 }

type decoded struct {
	Fields map[string]int `json:"fields"`
}

func fill(text []byte) (*decoded, error) {
	var d decoded
	err := json.Unmarshal(text, &d)
	if err == nil {
		d.Fields["read"] = 1
	}
	return &d, err
}

// Exported may be filled by who imports the package.
type Exported struct{ Labels map[string]string }

func (e *Exported) Set(k, v string) { e.Labels[k] = v }

type byAddress struct{ m map[string]int }

func allocate(m *map[string]int) { *m = map[string]int{} }

func (b *byAddress) set(k string) {
	allocate(&b.m)
	b.m[k] = 1
}

func someBranch(n int) map[int]int {
	var m map[int]int
	if n > 0 {
		m = make(map[int]int, n)
	}
	if n > 0 {
		m[n] = n
	}
	return m
}

func decodedLocal(text []byte) error {
	var m map[string]int
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	m["n"] = len(m)
	return nil
}

func copied(other map[string]int) map[string]int {
	var m map[string]int
	m = maps.Clone(other)
	m["n"] = 1
	return m
}

func sometimes(n int) map[string]int {
	if n > 0 {
		return map[string]int{}
	}
	return nil
}

func useSometimes() {
	m := sometimes(1)
	m["a"] = 1
}

func inClosure() map[string]int {
	var m map[string]int
	reset := func() { m = map[string]int{} }
	reset()
	m["a"] = 1
	return m
}

func readNil() int {
	var m map[string]int
	delete(m, "a")
	return m["a"] + len(m)
}

func loopMade(keys []string) map[string]int {
	var m map[string]int
	for i, k := range keys {
		if i == 0 {
			m = map[string]int{}
		}
		m[k] = i
	}
	return m
}

type optionalMap struct {
	hits map[string]int
}

func (o *optionalMap) hit(key string) {
	if o.hits == nil {
		return
	}
	o.hits[key]++
}

type guardedMap struct {
	hits map[string]int
}

func (g *guardedMap) hit(key string) {
	if g.hits != nil {
		g.hits[key]++
	}
}
