package globalretains

import (
	"bytes"
	"os"
)

func copied(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	magic = bytes.Clone(data[:4])
	byName["magic"] = append([]byte(nil), data[:4]...)
	return nil
}

func whole(path string) (err error) {
	magic, err = os.ReadFile(path)
	return err
}
