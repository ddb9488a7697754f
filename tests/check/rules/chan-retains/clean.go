package chanretains

import (
	"io"
	"slices"
)

func (r *reader) copied(body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	r.heads <- slices.Clone(data[:8])
	return nil
}

func (r *reader) whole(body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	r.heads <- data
	return nil
}
