package corpus

import (
	"maps"
	"testing"
)

// The oracle's answers are kept by the contents of the profiles, and a case must mean the same tomorrow.
func TestWriteTwice(t *testing.T) {
	first, err := Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	second, err := Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(first.sums, second.sums) {
		t.Fatal("two corpora differ")
	}
	for _, f := range first.Files {
		t.Logf("%s: types %v, %d functions, recursive %t, quotes %t, broken %t", f.Name, f.Types, len(f.Functions), f.Recursive, f.Quotes, f.Broken)
	}
}
