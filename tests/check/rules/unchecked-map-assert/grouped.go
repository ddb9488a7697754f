package uncheckedmapassert

import "go/types"

// One remark for all entries of one map in one function.
func several(m, other map[string]any) (string, int, bool) {
	name := m["name"].(string) // want warning:unchecked-map-assert
	size := m["size"].(int)
	ok := other["ok"].(bool) // want unchecked-map-assert
	return name, size, ok
}

func variableSwitchedOver(m map[string]any, key func() string) map[string]any {
	entry := m[key()]
	switch entry.(type) {
	case nil:
		return nil
	case map[string]any:
		return entry.(map[string]any)
	}
	return nil
}

// The program says in the type of the map what may be in it.
func ownInterface(m map[string]types.Object) *types.Func {
	return m["f"].(*types.Func) // want note:unchecked-map-assert
}

type paths struct {
	perms map[string]any
	mixed map[string]any
}

func newPaths() *paths { return &paths{perms: map[string]any{}, mixed: map[string]any{}} }

func (p *paths) add(path string, n int) {
	p.perms[path] = n
	p.mixed[path] = n
}

func (p *paths) name(path string) { p.mixed[path] = path }

// Everything that is put into perms is an int.
func (p *paths) sum() (n int) {
	for path := range p.perms {
		n += p.perms[path].(int)
	}
	for path := range p.mixed {
		n += p.mixed[path].(int) // want unchecked-map-assert
	}
	return n
}

func body(options any, kind string) map[string]any { return map[string]any{kind: options} }

func port(options map[string]any) map[string]any {
	b := body(options, "port")
	p := b["port"].(map[string]any)
	p["name"] = b["name"].(string) // want unchecked-map-assert
	return p
}
