package runner

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A module of many packages: the map of one grows by what another does, and a file with cgo writes to a nil map.
func vetModule(t *testing.T, packages int, cgo bool) string {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/many\n\ngo 1.26\n")
	write("store/store.go", `package store

type Item struct{ name string }

type Store struct{ items map[string]*Item }

var all = &Store{items: map[string]*Item{}}

func All() *Store { return all }

func (s *Store) Add(key string) { s.items[key] = &Item{key} }
`)
	for i := range packages {
		write(fmt.Sprintf("p%d/p.go", i), fmt.Sprintf(`package p%d

import "example.com/many/store"

func Add(key string) { store.All().Add(key) }
`, i))
	}
	if cgo {
		write("native/native.go", `package native

// int one() { return 1; }
import "C"

func One() int {
	var m map[int]int
	m[1] = 1
	return int(C.one())
}
`)
	}
	return root
}

func vet(t *testing.T, root string) string {
	t.Helper()
	cmd := exec.Command("go", "vet", "-vettool="+memsnap(t), "./...")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(root, ".cache"))
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// What rules about the whole module find is reported once, with the package it lies in.
func TestVetToolSeesTheModule(t *testing.T) {
	out := vet(t, vetModule(t, 20, false))
	if strings.Count(out, "[map-grow-only]") != 1 || !strings.Contains(out, "# example.com/many/store") {
		t.Errorf("go vet says:\n%s", out)
	}
	if strings.Count(out, "# example.com") != 1 {
		t.Errorf("go vet says of other packages:\n%s", out)
	}
}

// The tool is called for what cgo makes of a file; the finding is at the user's own.
func TestVetToolAndCgo(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Fatal("cgo needs a C compiler, which tools/setup.sh installs")
	}
	root := vetModule(t, 1, true)
	out := vet(t, root)
	if strings.Count(out, "native/native.go:8:2:") != 1 || !strings.Contains(out, "[nil-map-write]") {
		t.Errorf("go vet says:\n%s", out)
	}
}
