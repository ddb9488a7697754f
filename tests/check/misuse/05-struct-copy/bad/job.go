// Package job copies structs that have a map field, then writes through the copy.
package job

type Job struct {
	Name string
	Tags map[string]string
}

// Mark means to tag its own copy of each job.
func Mark(jobs []Job) int {
	n := 0
	for _, job := range jobs {
		job.Name = "marked"
		job.Tags["state"] = "marked" // want shared-map-copy
		n += len(job.Tags)
	}
	return n
}

// Derive means to leave the template as it was.
func Derive(template *Job, name string) Job {
	next := *template
	next.Name = name
	next.Tags["name"] = name // want shared-map-copy
	return next
}
