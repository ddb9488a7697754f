package mapinsertinrange

import "strings"

const oldName, newName = "old", "new"

// What is inserted, the loop does not ask for.
func renames(m map[string]any) {
	for key, value := range m {
		if key == oldName || strings.HasPrefix(key, "old/") {
			delete(m, key)
			m[newName] = value
		}
	}
}

func cascades(m map[string]any) {
	for key, value := range m {
		if strings.HasPrefix(key, "old") {
			m["older"] = value // want map-insert-in-range
		}
	}
}

func parses(m map[string]any) {
	for k, v := range m {
		lower := strings.ToLower(k)
		switch lower {
		case oldName:
			if text, ok := v.(string); ok {
				m[newName] = text
			}
		case "lines":
			m["lines_parsed"] = v
		}
	}
}

func parsesAll(m map[string]any) {
	for k, v := range m {
		switch k {
		case oldName:
			m[newName] = v // want map-insert-in-range
			m["third"] = v
		default:
			m[k] = nil
		}
	}
}

// At the new key nothing differs.
func canonical(m map[string]int) {
	for k, v := range m {
		if upper := strings.ToUpper(k); upper != k {
			delete(m, k)
			m[upper] = v
		}
	}
}

func canonicalOr(m map[string]int, all bool) {
	for k, v := range m {
		if upper := strings.ToUpper(k); all || upper != k {
			delete(m, k)
			m[upper] = v // want map-insert-in-range
		}
	}
}

var options = map[string]int{"tabWidth": 1}

func init() {
	for k, v := range options {
		options[strings.ToLower(k)] = v
	}
	for k, v := range options {
		options[strings.ToLower(k)] = v + 1 // want map-insert-in-range
	}
}

// The loop goes on over the old map.
func copied(m map[string]int) map[string]int {
	cloned := false
	for k, v := range m {
		if v > 0 {
			if !cloned {
				cloned = true
				orig := m
				m = make(map[string]int, len(orig))
				for k2, v2 := range orig {
					m[k2] = v2
				}
			}
			m[k] = 0
		}
	}
	return m
}

func copiedInto(m, orig map[string]int) {
	for k, v := range m {
		if v > 0 {
			for k2, v2 := range orig {
				m[k2] = v2 // want map-insert-in-range
			}
			m[k] = 0
		}
	}
}
