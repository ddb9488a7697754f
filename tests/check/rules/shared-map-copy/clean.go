package sharedmapcopy

import "maps"

func cloned(nodes []node) node {
	n := nodes[0]
	n.labels = maps.Clone(n.labels)
	n.labels["copy"] = "yes"
	return n
}

func fresh() node {
	n := node{labels: map[string]string{}}
	n.labels["a"] = "b"
	return n
}

func byPointer(nodes []node) {
	n := &nodes[0]
	n.labels["a"] = "b"
}

func fromFunction() node {
	n := fresh()
	n.labels["c"] = "d"
	return n
}

func reads(nodes []node) int {
	total := 0
	for _, n := range nodes {
		total += len(n.labels)
	}
	return total
}

func onlyMap(nodes []node) {
	for _, n := range nodes {
		n.labels["seen"] = "yes"
	}
}
