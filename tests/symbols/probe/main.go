// Command probe is a program with much of the standard library in it, to ask for variables in.
package main

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"regexp"
)

type shelf[T any] struct{ items []T }

func (s *shelf[T]) each(visit func(int, T) bool) {
	for i, item := range s.items {
		if !visit(i, item) {
			return
		}
	}
}

func main() {
	words := &shelf[string]{items: os.Args}
	total := 0
	for i, word := range words.each {
		total += i * len(word)
	}
	page := template.Must(template.New("page").Parse("<p>{{.}}</p>"))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		data, err := json.Marshal(map[string]any{"path": r.URL.Path, "total": total})
		if err != nil || regexp.MustCompile("a+").Match(data) {
			http.Error(w, "no", http.StatusTeapot)
			return
		}
		_ = page.Execute(w, string(data))
	})
	fmt.Println(http.ListenAndServe("127.0.0.1:0", nil))
}
