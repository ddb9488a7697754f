package job

import "maps"

type Job struct {
	Name string
	Tags map[string]string
}

func Mark(jobs []Job) int {
	n := 0
	for _, job := range jobs {
		job.Name = "marked"
		job.Tags = maps.Clone(job.Tags)
		job.Tags["state"] = "marked"
		n += len(job.Tags)
	}
	return n
}

func Derive(template *Job, name string) Job {
	next := *template
	next.Name = name
	next.Tags = maps.Clone(template.Tags)
	next.Tags["name"] = name
	return next
}
