package nilmapelem

type table map[string]int

func slots(n int) []table {
	s := make([]table, n)
	s[0]["a"] = 1 // want nil-map-elem
	return s
}

func array() {
	var s [4]map[string]int
	s[2]["a"]++ // want nil-map-elem
}

func nested(keys []string) map[string]map[string]int {
	m := make(map[string]map[string]int, len(keys))
	for _, k := range keys {
		m[k]["n"] = 1 // want nil-map-elem
	}
	return m
}

type hub struct {
	byTopic map[string]map[int]bool
}

func newHub() *hub { return &hub{byTopic: make(map[string]map[int]bool)} }

func (h *hub) join(topic string, who int) {
	h.byTopic[topic][who] = true // want nil-map-elem
}

func (h *hub) size(topic string) int { return len(h.byTopic[topic]) }

type history struct {
	Published map[string]map[string]int
	Count     int
}

func (h *history) publish(key string, names []string) {
	if h.Published == nil {
		h.Published = make(map[string]map[string]int)
	}
	h.Count++
	for _, name := range names {
		h.Published[key][name] = h.Count // want nil-map-elem
	}
}

func fillParameter(all map[string]map[string]int, key string) map[string]map[string]int {
	if all == nil {
		all = map[string]map[string]int{}
	}
	all[key]["n"] = 1 // want nil-map-elem
	return all
}

type deep map[string]map[string]map[string]int

func (d deep) insert(a, b, c string) {
	if _, ok := d[a]; !ok {
		d[a] = make(map[string]map[string]int)
	}
	d[a][b][c] = 1 // want nil-map-elem
}
