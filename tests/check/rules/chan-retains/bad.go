package chanretains

import "io"

type reader struct{ heads chan []byte }

func (r *reader) send(body io.Reader) error {
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	r.heads <- data[:8] // want chan-retains
	return nil
}
