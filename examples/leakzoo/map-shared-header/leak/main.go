// A scheduler that stamps its jobs from a template and labels each of them (pattern map-shared-header).
//
// What is wrong: job := *s.template copies the struct, and with it the pointer that a map variable is. All jobs
// label one map, that of the template. Finished jobs leave the ring, their labels stay in the map that the
// template and all others share.
//
// What the twin does: a copy gets a map of its own (maps.Clone), which goes when its job goes.
package main

import (
	"fmt"

	"memsnap.test/leakzoo/zoo"
)

type job struct {
	number int
	labels map[string]string
}

type scheduler struct {
	template *job
	recent   [64]*job // a ring: what the status page shows
	started  int
}

var jobs = &scheduler{template: &job{labels: map[string]string{"queue": "default"}}} // HOLDER

func (s *scheduler) start() {
	j := *s.template
	j.number = s.started
	report := string(zoo.Fill(make([]byte, 700))) // LEAK
	j.labels[fmt.Sprintf("job-%08d", j.number)] = report
	s.recent[s.started%len(s.recent)] = &j
	s.started++
}

func main() {
	start := func(n int) {
		for range n {
			jobs.start()
		}
	}
	zoo.Run(zoo.Program{
		Warm: func() { start(30_000) },
		Step: func() { start(12) },
		Drop: func() { // each job keeps its own label
			for _, j := range jobs.recent {
				name := fmt.Sprintf("job-%08d", j.number)
				j.labels = map[string]string{"queue": "default", name: j.labels[name]}
			}
			jobs.template.labels = map[string]string{"queue": "default"}
		},
	})
}
