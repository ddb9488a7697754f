package substringretains

import (
	"os"
	"strings"
)

var names = map[string]int{}

type config struct{ title string }

var current config

func load(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := string(data)
	name, _, _ := strings.Cut(text, "\n")
	current.title = name // want substring-retains
	return nil
}

func words(path string, out chan<- string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := string(data)
	out <- text[:10] // want substring-retains
	return nil
}

func reset() {
	clear(names)
}
