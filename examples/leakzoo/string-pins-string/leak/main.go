// An importer that remembers the identifiers of the documents it has seen (pattern string-pins-string).
//
// What is wrong: a substring shares the bytes of its string. The identifier is 16 bytes of a document of 8 KiB,
// and keeps all of it.
//
// What the twin does: strings.Clone copies the 16 bytes.
package main

import (
	"fmt"
	"strings"

	"memsnap.test/leakzoo/zoo"
)

const known = 4_000 // documents that can be told from new ones

type importer struct {
	seen [known]string // identifiers, in a ring
	next int
}

var imports importer // HOLDER

func (i *importer) take(document string) {
	_, rest, _ := strings.Cut(document, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	i.seen[i.next%known] = id
	i.next++
}

// fetch stands for the network.
func fetch(number int) string {
	var document strings.Builder
	document.Grow(8 << 10) // LEAK
	fmt.Fprintf(&document, `{"version":2,"id":"doc-%012d","text":"`, number)
	document.Write(zoo.Fill(make([]byte, 8000)))
	document.WriteString(`"}`)
	return document.String()
}

func main() {
	zoo.Run(zoo.Program{
		Warm: func() {
			for number := range known {
				imports.take(fetch(number))
			}
		},
		Drop: func() {
			for i, id := range imports.seen {
				imports.seen[i] = strings.Clone(id)
			}
		},
	})
}
