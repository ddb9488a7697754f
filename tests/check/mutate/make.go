package main

import (
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// maker collects the sites of all operators and keeps mutants that compile.
type maker struct {
	count   int
	seed    uint64
	sites   map[string]int
	broken  map[string]int // how many did not compile
	verbose bool
	pending []candidate
	mutants []mutant
}

type candidate struct {
	mutant
	c     *corpus
	l     *listed
	order uint64
}

func (m *maker) kept(operator string) int {
	kept := 0
	for _, one := range m.mutants {
		if one.Operator == operator {
			kept++
		}
	}
	return kept
}

func (m *maker) complete() bool {
	for _, op := range operators {
		if m.kept(op.name) < m.count {
			return false
		}
	}
	return true
}

// add finds the sites of a module, only of operators that lack mutants when `lacking`.
func (m *maker) add(name, folder string, lacking bool) error {
	c, err := openCorpus(name, folder, []string{"./..."})
	if err != nil {
		return err
	}
	skipped := 0
	for _, l := range c.asked {
		if strings.Contains(l.ImportPath, "/testdata/") || strings.Contains(l.ImportPath, "/test/") {
			continue
		}
		p, err := c.open(l)
		if err != nil {
			skipped++
			continue
		}
		for _, op := range operators {
			if lacking && m.kept(op.name) >= m.count {
				continue
			}
			for _, f := range p.files {
				for _, s := range op.sites(p, f) {
					m.pending = append(m.pending, m.candidate(p, f, op, s))
					m.sites[op.name]++
				}
			}
		}
	}
	fmt.Fprintf(os.Stderr, "%s: %d packages, %d with errors left out\n", name, len(c.asked), skipped)
	return nil
}

func (m *maker) candidate(p *pkg, f *file, op operator, s site) candidate {
	line := p.line(s.at.Pos())
	made := mutant{Operator: op.name, Corpus: p.c.name, Package: filepath.Dir(f.name), File: f.name, Line: line,
		Before: strings.TrimSpace(strings.Split(string(f.text), "\n")[line-1]), Rules: strings.Fields(op.rules),
		Places: s.places, Edits: s.edits}
	if len(made.Places) == 0 {
		made.Places = []place{p.around(f, s.at)}
		if fn := f.functionOf(s.at); fn != nil {
			made.Places = []place{p.around(f, fn)}
		}
	}
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%d %s %s %s %d", m.seed, op.name, p.c.name, f.name, p.offset(s.at.Pos()))
	return candidate{made, p.c, p.l, hash.Sum64()}
}

// choose keeps mutants at random until each operator has enough, or no more sites.
func (m *maker) choose() {
	sort.Slice(m.pending, func(i, j int) bool { return m.pending[i].order < m.pending[j].order })
	checked := map[*listed]*skeleton{}
	for _, op := range operators {
		for _, one := range m.pending {
			if one.Operator != op.name || m.kept(op.name) >= m.count {
				continue
			}
			if checked[one.l] == nil {
				checked[one.l] = newSkeleton(one.c, one.l)
			}
			source, err := os.ReadFile(filepath.Join(one.c.dir, one.File))
			if err != nil {
				continue
			}
			text, err := checked[one.l].compiles(one.File, splice(source, one.Edits))
			if err != nil {
				m.broken[op.name]++
				if m.verbose {
					fmt.Fprintf(os.Stderr, "%s: %v\n", op.name, err)
				}
				continue
			}
			one.Text = string(text)
			m.mutants = append(m.mutants, one.mutant)
		}
	}
	m.pending = nil
}
