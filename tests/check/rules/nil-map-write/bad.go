package nilmapwrite

type counter struct {
	hits map[string]int
	name string
}

// newCounter forgets the map, and nothing else gives the field one.
func newCounter(name string) *counter { return &counter{name: name} }

func (c *counter) hit(key string) {
	c.hits[key]++ // want nil-map-write
}

func (c *counter) title() string { return c.name }

func onEveryPath(verbose bool) map[string]int {
	var m map[string]int
	if verbose {
		println("counting")
	}
	m["calls"] += 1 // want nil-map-write
	return m
}

func setToNil() map[int]int {
	m := map[int]int{1: 1}
	m = nil
	m[2] = 2 // want nil-map-write
	return m
}

func none() map[string]int { return nil }

func fromFunction() map[string]int {
	m := none()
	m["a"] = 1 // want nil-map-write
	return m
}

type wrapped struct{ counter }

func promoted(w *wrapped) {
	w.hits["promoted"] = 1 // want nil-map-write
}

func converted() {
	type set map[int]struct{}
	m := set(nil)
	m[1] = struct{}{} // want nil-map-write
}

type lateMap struct {
	hits map[string]int
}

func (l *lateMap) hit(key string) {
	if l.hits == nil {
		println("the first one")
	}
	l.hits[key]++ // want nil-map-write
}
