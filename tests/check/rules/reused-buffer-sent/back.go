package reusedbuffersent

// What is cut goes back to where it came from.
func drop(all map[string][]string, name string) {
	for k := range all {
		v := all[k]
		for i := range v {
			if v[i] == name {
				copy(v[i:], v[i+1:])
				all[k] = v[:len(v)-1]
			}
		}
	}
}

func dropInto(all, other map[string][]string, name string) {
	for k := range all {
		v := all[k]
		for i := range v {
			if v[i] == name {
				copy(v[i:], v[i+1:])
				other[k] = v[:len(v)-1] // want reused-buffer-sent
			}
		}
	}
}
