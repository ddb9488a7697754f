package elempointerescapes

type step struct{ retries int }

type chain struct {
	steps []step
	last  *step
}

// The pointer moves with the slice.
func (c *chain) add(retries int) *chain {
	c.steps = append(c.steps, step{retries})
	c.last = &c.steps[len(c.steps)-1]
	return c
}

type loose struct {
	steps []step
	first *step
}

func (c *loose) add(retries int) {
	if c.first == nil && len(c.steps) > 0 {
		c.first = &c.steps[0] // want elem-pointer-escapes
	}
	c.steps = append(c.steps, step{retries})
}

func chunks(in []int, most int) (out [][]step) {
	var all []step
	var now *step
	for _, n := range in {
		if now == nil {
			all = append(all, step{})
			now = &all[len(all)-1]
		}
		now.retries += n
		if now.retries > most {
			now = nil
		}
	}
	return append(out, all)
}

func staleChunks(in []int) []step {
	var all []step
	var now *step
	for _, n := range in {
		if now == nil {
			all = append(all, step{})
			now = &all[len(all)-1] // want elem-pointer-escapes
		}
		all = append(all, step{n})
		now.retries += n
	}
	return all
}
