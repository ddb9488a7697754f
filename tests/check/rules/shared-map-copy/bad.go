package sharedmapcopy

type node struct {
	name   string
	labels map[string]string
	ids    []int
}

func element(nodes []node) node {
	n := nodes[0]
	n.labels["copy"] = "yes" // want shared-map-copy
	return n
}

func appended(nodes []node) []node {
	last := nodes[len(nodes)-1]
	last.name = "next"
	last.labels["n"] = "1" // want shared-map-copy
	return append(nodes, last)
}

func elements(nodes []node) node {
	n := nodes[0]
	n.ids[0] = 7 // want shared-map-copy
	return n
}
