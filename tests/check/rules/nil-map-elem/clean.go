package nilmapelem

func lazily(n int) []map[string]int {
	s := make([]map[string]int, n)
	if s[0] == nil {
		s[0] = make(map[string]int)
	}
	s[0]["a"] = 1
	return s
}

func initAll(s []map[string]int) {
	for i := range s {
		s[i] = map[string]int{}
	}
}

func byHelper(n int) []map[string]int {
	s := make([]map[string]int, n)
	initAll(s)
	s[0]["a"] = 1
	return s
}

func byIndex(n int) []map[string]int {
	s := make([]map[string]int, n)
	for i := 0; i < n; i++ {
		s[i] = map[string]int{}
	}
	s[n-1]["a"] = 1
	return s
}

func appended(n int) []map[string]int {
	s := make([]map[string]int, 0, n)
	s = append(s, map[string]int{})
	s[0]["a"] = 1
	return s
}

func innerMade(keys []string) map[string]map[string]int {
	m := make(map[string]map[string]int, len(keys))
	for _, k := range keys {
		if _, ok := m[k]; !ok {
			m[k] = make(map[string]int)
		}
		m[k]["n"]++
	}
	return m
}

func given(m map[string]map[string]int) {
	m["a"]["b"] = 1
}

type lazyHub struct {
	byTopic map[string]map[int]bool
}

func newLazyHub() *lazyHub { return &lazyHub{byTopic: make(map[string]map[int]bool)} }

func (h *lazyHub) join(topic string, who int) {
	if _, ok := h.byTopic[topic]; !ok {
		h.byTopic[topic] = map[int]bool{}
	}
	h.byTopic[topic][who] = true
}

type openHub struct {
	byTopic map[string]map[int]bool
}

// topics lets others put what they like into the map.
func (h *openHub) topics() map[string]map[int]bool {
	if h.byTopic == nil {
		h.byTopic = make(map[string]map[int]bool)
	}
	return h.byTopic
}

func (h *openHub) join(topic string, who int) {
	h.byTopic[topic][who] = true
}

func (h *history) publishAll(key string) {
	if h.Published == nil {
		h.Published = make(map[string]map[string]int)
	}
	if h.Published[key] == nil {
		h.Published[key] = make(map[string]int)
	}
	h.Published[key]["n"] = 1
}

func (h *history) addSlot(key string) {
	h.Published[key] = map[string]int{}
}

func (h *history) publishByHelper(key string) {
	if h.Published == nil {
		h.Published = make(map[string]map[string]int)
	}
	h.addSlot(key)
	h.Published[key]["n"] = 1
}

func (h *history) publishKnown(key string) {
	if h.Published == nil {
		h.Published = make(map[string]map[string]int)
	}
	if h.Published[key] != nil {
		h.Published[key]["n"] = 1
	}
}

func (h *history) publishEach() {
	if h.Published == nil {
		h.Published = make(map[string]map[string]int)
	}
	for key := range h.Published {
		h.Published[key]["n"] = 1
	}
}

func (h *history) publishLater(key string, known bool) {
	if h.Published == nil {
		h.Published, known = make(map[string]map[string]int), false
	}
	if known {
		h.Published[key]["n"] = 1
	}
}

func (h *history) publishByClosure(key string) {
	add := func() { h.Published[key] = map[string]int{} }
	if h.Published == nil {
		h.Published = make(map[string]map[string]int)
	}
	add()
	h.Published[key]["n"] = 1
}

func otherKey(all map[string]map[string]int, key string) {
	if all[key] == nil {
		all[key] = make(map[string]int)
	}
	all[key]["n"] = 1
}
