// The importer of ../leak, which clones the identifiers (healthy twin of string-pins-string).
package main

import (
	"fmt"
	"strings"

	"memsnap.test/leakzoo/zoo"
)

const known = 4_000

type importer struct {
	seen [known]string
	next int
}

var imports importer

func (i *importer) take(document string) {
	_, rest, _ := strings.Cut(document, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	i.seen[i.next%known] = strings.Clone(id)
	i.next++
}

func fetch(number int) string {
	var document strings.Builder
	document.Grow(8 << 10)
	fmt.Fprintf(&document, `{"version":2,"id":"doc-%012d","text":"`, number)
	document.Write(zoo.Fill(make([]byte, 8000)))
	document.WriteString(`"}`)
	return document.String()
}

func main() {
	number := 0
	next := func() {
		imports.take(fetch(number))
		number++
	}
	zoo.Run(zoo.Program{
		Warm: func() {
			for range known {
				next()
			}
		},
		Step: next,
		Drop: func() { clear(imports.seen[:]) },
	})
}
