// Package trace puts a piece of a body into a context.
package trace

import (
	"context"
	"io"
)

type key struct{}

func With(ctx context.Context, body io.Reader) (context.Context, error) {
	data, err := io.ReadAll(body)
	if err != nil || len(data) < 16 {
		return ctx, err
	}
	return context.WithValue(ctx, key{}, data[:16]), nil // want ctx-value-retains
}
