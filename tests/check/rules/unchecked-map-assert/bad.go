package uncheckedmapassert

func direct(m map[string]any) int {
	return m["n"].(int) // want unchecked-map-assert
}

func nested(m map[string]any) string {
	if inner, ok := m["inner"].(map[string]any); ok {
		return inner["name"].(string) // want unchecked-map-assert
	}
	return ""
}

func variable(m map[string]interface{}) []any {
	v := m["list"]
	return v.([]any) // want unchecked-map-assert
}
