package substringretains

import (
	"os"
	"strings"
)

type login struct{ token, first string }

// What is cut off is a line end.
func (l *login) load(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	l.token = strings.TrimSpace(string(data))
	return nil
}

func (l *login) loadFirst(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(string(data))
	l.first = text[:8] // want substring-retains
	return nil
}
