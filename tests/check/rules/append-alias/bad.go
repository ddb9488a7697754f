package appendalias

func twice(base []int) ([]int, []int) {
	a := append(base, 1)
	b := append(base, 2) // want append-alias
	return a, b
}

func insert(x []int, i, v int) []int {
	y := append(x[:i], v) // want append-alias
	y = append(y, x[i:]...)
	return y
}

func head(line []byte) []byte {
	return append(line[:4], '!') // want append-alias
}

func inLoop(prefix []string, names []string) [][]string {
	all := make([][]string, 0, len(names))
	for _, n := range names {
		all = append(all, append(prefix, n)) // want append-alias
	}
	return all
}

type command struct{ args []string }

func (c *command) both() ([]string, []string) {
	left := append(c.args, "-l")
	right := append(c.args, "-r") // want append-alias
	return left, right
}
