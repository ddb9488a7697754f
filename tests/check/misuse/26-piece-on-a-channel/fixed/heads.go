package heads

import (
	"bytes"
	"os"
)

func Send(path string, heads chan<- []byte) error {
	data, err := os.ReadFile(path)
	if err != nil || len(data) < 64 {
		return err
	}
	heads <- bytes.Clone(data[:64])
	return nil
}
