package ctxvalueretains

import (
	"context"
	"os"
)

type key struct{}

func with(ctx context.Context, path string) context.Context {
	data, err := os.ReadFile(path)
	if err != nil {
		return ctx
	}
	head := data[:16]
	return context.WithValue(ctx, key{}, head) // want ctx-value-retains
}
