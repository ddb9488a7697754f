// The scheduler of ../leak, whose jobs have labels of their own (healthy twin of map-shared-header).
package main

import (
	"fmt"
	"maps"

	"memsnap.test/leakzoo/zoo"
)

type job struct {
	number int
	labels map[string]string
}

func (j *job) clone() *job {
	return &job{number: j.number, labels: maps.Clone(j.labels)}
}

type scheduler struct {
	template *job
	recent   [64]*job
	started  int
}

var jobs = &scheduler{template: &job{labels: map[string]string{"queue": "default"}}}

func (s *scheduler) start() {
	j := s.template.clone()
	j.number = s.started
	report := string(zoo.Fill(make([]byte, 700)))
	j.labels[fmt.Sprintf("job-%08d", j.number)] = report
	s.recent[s.started%len(s.recent)] = j
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
		Drop: func() { clear(jobs.recent[:]) },
	})
}
