package globalretains

import "os"

var magic []byte

var byName = map[string][]byte{}

func load(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	magic = data[:4]           // want global-retains
	byName["magic"] = data[:4] // want global-retains
	return nil
}
