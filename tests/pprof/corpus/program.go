package corpus

import (
	"debug/elf"
	"debug/gosym"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"github.com/google/pprof/profile"
)

// Program is an executable of the corpus, with its source beside it.
const Program = "bin/program"

const programRelease = "go1.26.8"

const programSource = `package main

import "os"

type tree struct {
	left, right *tree
	value       int
}

func square(x int) int { return x*x + 1 }

func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return square(t.value) + t.left.sum() + t.right.sum()
}

//go:noinline
func grow(depth int) *tree {
	if depth == 0 {
		return nil
	}
	return &tree{grow(depth - 1), grow(depth - 1), depth}
}

//go:noinline
func count[T comparable](values []T, wanted T) (n int) {
	for _, v := range values {
		if v == wanted {
			n++
		}
	}
	return n
}

func main() {
	t := grow(4)
	names := []string{"a", "b", "a"}
	if t.sum()+count(names, "a")+count([]int{1, 2}, 2) == 0 {
		os.Exit(1)
	}
	func() {
		println(t.sum())
	}()
}
`

// program builds the executable, and makes profiles of its addresses: bare ones for pprof to symbolize, and
// the same with functions and lines.
func (c *Corpus) program() error {
	if err := c.put("program/main.go", []byte(programSource)); err != nil {
		return err
	}
	if err := c.put("program/go.mod", []byte("module program\n\ngo 1.24\n")); err != nil {
		return err
	}
	path := filepath.Join(c.Folder, Program)
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", path, ".")
	build.Dir = filepath.Join(c.Folder, "program")
	build.Env = append(os.Environ(), "GOTOOLCHAIN="+programRelease, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOOS=linux", "GOARCH=amd64", "GOAMD64=v1")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, out)
	}
	table, start, limit, err := symbols(path)
	if err != nil {
		return err
	}
	places := instructions(table)
	for _, symbolized := range []bool{false, true} {
		b := started("samples/count", "cpu/nanoseconds")
		m := b.Mapping[0]
		m.File, m.BuildID, m.Start, m.Limit, m.Offset = Program, "", start, limit, 0
		m.HasFunctions, m.HasFilenames, m.HasLineNumbers, m.HasInlineFrames = symbolized, symbolized, symbolized, symbolized
		var locations []*profile.Location
		for _, pc := range places {
			l := b.place(0)
			l.Address = pc
			if file, line, fn := table.PCToLine(pc); symbolized && fn != nil {
				l.Line = []profile.Line{{Function: b.function(fn.Name, fn.Name, file, 0), Line: int64(line)}}
			}
			locations = append(locations, l)
		}
		for i := range locations {
			b.addAt([]*profile.Location{locations[i], locations[(i*5+3)%len(locations)], locations[len(locations)-1]}, int64(i%7+1), int64(i%7+1)*10e6)
		}
		name := map[bool]string{false: "program-bare.pb.gz", true: "program.pb.gz"}[symbolized]
		if err := c.addProfile(name, b.Profile); err != nil {
			return err
		}
		c.Files[len(c.Files)-1].Program = true
	}
	return nil
}

// symbols are the functions and lines of an executable, and the addresses between which its code lies.
func symbols(path string) (table *gosym.Table, start, limit uint64, err error) {
	file, err := elf.Open(path)
	if err != nil {
		return nil, 0, 0, err
	}
	defer file.Close()
	lines, err := file.Section(".gopclntab").Data()
	if err != nil {
		return nil, 0, 0, err
	}
	text := file.Section(".text")
	table, err = gosym.NewTable(nil, gosym.NewLineTable(lines, text.Addr))
	for _, p := range file.Progs {
		if p.Type == elf.PT_LOAD && p.Flags&elf.PF_X != 0 {
			start, limit = p.Vaddr, (p.Vaddr+p.Memsz+0xfff)&^0xfff
		}
	}
	return table, start, limit, err
}

// instructions are addresses in the functions of package main where a line begins, which is where an
// instruction begins.
func instructions(table *gosym.Table) (places []uint64) {
	for _, f := range table.Funcs {
		if !strings.HasPrefix(f.Name, "main.") {
			continue
		}
		before := -1
		for pc := f.Entry; pc < f.End; pc++ {
			if _, line, fn := table.PCToLine(pc); fn != nil && line != before {
				places = append(places, pc)
				before = line
			}
		}
	}
	sort.Slice(places, func(i, j int) bool { return places[i] < places[j] })
	return places
}
