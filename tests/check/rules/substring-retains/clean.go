package substringretains

import (
	"os"
	"strings"
)

func cloned(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(string(data), "\n")
	current.title = strings.Clone(name)
	return nil
}

func concatenated(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := string(data)
	current.title = "title " + text[:10]
	return nil
}

func fromBytes(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	current.title = string(data[:10])
	return nil
}

func local(path string) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	text := string(data)
	line := text[:10]
	return len(line), nil
}

func small(s string) {
	current.title = s[:1]
}

func whole(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	current.title = string(data)
	return nil
}
