package mapinsertinrange

func current(m map[int]int) {
	for k := range m {
		m[k]++
		if m[k] > 10 {
			delete(m, k)
		}
	}
}

func alias(m map[int]int) {
	for k, v := range m {
		same := k
		m[same] = v + 1
	}
}

func once(m map[int]int) {
	for k, v := range m {
		if v > 10 {
			m[k+1] = v
			break
		}
	}
}

func returns(m map[int]int) bool {
	for k, v := range m {
		if v > 10 {
			m[k+1] = v
			return true
		}
	}
	return false
}

func other(m, n map[int]int) {
	for k, v := range m {
		n[k+1] = v
	}
}

func overwrites(m map[int]int, keys []int) {
	for k := range m {
		if _, ok := m[k-1]; ok {
			m[k-1] = 0
		}
	}
}

type label string

func converted(m map[label]int) {
	for k, v := range m {
		m[label(k)] = v + 1
	}
}

func ownCase(m map[string]any) {
	for k := range m {
		switch k {
		case "font":
			m["font"] = "sans"
		}
	}
}
