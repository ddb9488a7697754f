package uncheckedmapassert

func commaOK(m map[string]any) int {
	n, _ := m["n"].(int)
	return n
}

func typeSwitch(m map[string]any) int {
	switch m["n"].(type) {
	case int:
		return m["n"].(int)
	}
	return 0
}

func checkedBefore(m map[string]any) int {
	if _, ok := m["n"].(int); ok {
		return m["n"].(int)
	}
	return 0
}

func justBuilt() int {
	m := map[string]any{"n": 1}
	return m["n"].(int)
}

func written(m map[string]any) int {
	m["n"] = 1
	return m["n"].(int)
}

func recovers(m map[string]any) (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			n = -1
		}
	}()
	return m["n"].(int), nil
}

func notAMap(v any) int { return v.(int) }

func toAny(m map[string]error) any { return m["n"] }

func builtAbove(wrap bool, data map[string]any) map[string]any {
	if wrap {
		data = map[string]any{"options": map[string]any{}}
		data["options"].(map[string]any)["cas"] = 1
	}
	return data
}
