package uncheckedmapassert

import "strings"

type builder interface {
	Body() (map[string]any, error)
}

func build(name string, top string) (map[string]any, error) {
	return map[string]any{top: map[string]any{"name": name}}, nil
}

// What a function of this module built is taken up to write more into it.
func extends(b builder, tag string) (map[string]any, error) {
	body, err := b.Body()
	if err != nil {
		return nil, err
	}
	body["port"].(map[string]any)["tag"] = tag // want note:unchecked-map-assert
	return body, nil
}

func extendsNamed(tag string) map[string]any {
	body, _ := build("a", top())
	server := body["server"].(map[string]any) // want note:unchecked-map-assert
	server["tag"] = tag
	return body
}

func top() string { return "server" }

func reads(b builder) int {
	body, _ := b.Body()
	port := body["port"].(map[string]any) // want warning:unchecked-map-assert
	return len(port)
}

func extendsForeign(body map[string]any, tag string) {
	body["port"].(map[string]any)["tag"] = tag // want warning:unchecked-map-assert
}

type shape struct{ names []string }

type match struct{ State map[string]any }

func parse(text string) shape { return shape{strings.Fields(text)} }

func (s shape) find(text string) (*match, bool) { return &match{}, text != "" }

func matches(s shape, texts ...string) func(func(int, *match) bool) {
	return func(yield func(int, *match) bool) {
		for i := range texts {
			yield(i, &match{map[string]any{s.names[0]: i}})
		}
	}
}

func lookFor(s shape, text string) (*match, bool) { return s.find(text) }

var ifShape = parse(`(IfStmt cond body)`)

const usage = "tool [<file>]"

func options(text string) (map[string]any, error) { return map[string]any{text: ""}, nil }

// The text that the map comes from names what is in it.
func named() (any, int, string) {
	m, ok := lookFor(ifShape, "if x {}")
	if !ok {
		return nil, 0, ""
	}
	n := 0
	for _, one := range matches(ifShape, "if x {}") {
		n += one.State["body"].(int)
	}
	args, _ := options(usage)
	return m.State["cond"].(error), n, args["<file>"].(string)
}

func notNamed() int {
	m, ok := lookFor(ifShape, "if x {}")
	if !ok {
		return 0
	}
	return m.State["else"].(int) // want unchecked-map-assert
}

func fill(into map[string]any, key string) bool {
	into[key] = map[string]any{}
	return true
}

func filled(key string) map[string]any {
	into := make(map[string]any)
	if !fill(into, key) {
		return nil
	}
	return into[key].(map[string]any)
}

func filledOther(key, other string) map[string]any {
	into := make(map[string]any)
	fill(into, key)
	return into[other].(map[string]any) // want unchecked-map-assert
}

// That there is an entry was asked, not what it is.
func present(m map[string]any) (sum float64) {
	val, ok := m["a"]
	if ok {
		sum += val.(float64) // want note:unchecked-map-assert
	}
	val, ok = m["b"]
	if ok {
		sum += val.(float64)
	}
	if m["c"] != nil {
		sum += m["c"].(float64)
	}
	return sum
}

func otherType(m map[string]any) int {
	if off, ok := m["every"].(bool); ok && !off {
		return 0
	}
	return m["every"].(int) // want note:unchecked-map-assert
}

func reassigned(m map[string]any, other any) int {
	val := m["a"]
	if other != nil {
		val = other
	}
	return val.(int)
}

func nestedVersion(doc any) string {
	version := doc.(map[string]any)["version"]
	if version == nil {
		return ""
	}
	return version.(string) // want note:unchecked-map-assert
}

// The look was at another entry.
func lookedAtOther(m map[string]any) (sum float64) {
	val := m["a"]
	if a, ok := val.(float64); ok {
		sum += a
	}
	val = m["b"]
	return sum + val.(float64) // want warning:unchecked-map-assert
}
