// Package corpus writes the profiles that memsnap pprof and go tool pprof are both asked about: recorded ones,
// ones made up to hold what recorded ones seldom hold, and the text formats from before profile.proto.
package corpus

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/google/pprof/profile"
)

//go:embed recorded
var recorded embed.FS

// File is a profile of the corpus, and words in it that options can ask for.
type File struct {
	Name      string // relative to the corpus
	Recorded  bool
	Legacy    bool     // a text, or the binary of gperftools
	Types     []string // of its samples
	Functions []string
	Sources   []string            // names of source files
	Labels    map[string][]string // of text, with their values
	Numbers   map[string][]int64  // labels that are numbers
	Units     map[string]bool     // of numbers
	Recursive bool                // a function is twice on a stack
	Quotes    bool                // a name holds what DOT must quote
	Controls  bool                // a name holds what steers a terminal
	Broken    bool                // go tool pprof's own library cannot read it
	Program   bool                // its addresses are those of Program
}

// Corpus is a folder of profiles.
type Corpus struct {
	Folder string
	Files  []*File
	sums   map[string]string // SHA-256 of each file
}

// Write fills the folder, which is emptied first.
func Write(folder string) (*Corpus, error) {
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	c := &Corpus{Folder: folder, sums: map[string]string{}}
	for _, write := range []func() error{c.recorded, c.made, c.encodings, c.legacy, c.broken, c.sources, c.program} {
		if err := write(); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// File is the profile of that name.
func (c *Corpus) File(name string) *File {
	for _, f := range c.Files {
		if f.Name == name {
			return f
		}
	}
	panic("the corpus has no " + name)
}

// Sum tells two contents of a file apart; "" when the corpus has no such file.
func (c *Corpus) Sum(name string) string { return c.sums[name] }

// Pick gives the files that fit.
func (c *Corpus) Pick(fits func(*File) bool) []*File {
	return slices.DeleteFunc(slices.Clone(c.Files), func(f *File) bool { return !fits(f) })
}

func (c *Corpus) put(name string, content []byte) error {
	path := filepath.Join(c.Folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	c.sums[name] = fmt.Sprintf("%x", sha256.Sum256(content))
	return os.WriteFile(path, content, 0o644)
}

// add puts a profile and describes it.
func (c *Corpus) add(file *File, content []byte) error {
	c.Files = append(c.Files, file)
	if err := c.put(file.Name, content); err != nil {
		return err
	}
	p, err := profile.ParseData(content)
	if err != nil {
		file.Broken = true
		return nil
	}
	file.describe(p)
	return nil
}

func (f *File) describe(p *profile.Profile) {
	f.Labels, f.Numbers, f.Units = map[string][]string{}, map[string][]int64{}, map[string]bool{}
	for _, t := range p.SampleType {
		f.Types = append(f.Types, t.Type)
	}
	for _, fn := range p.Function {
		f.Functions = append(f.Functions, fn.Name)
		f.Sources = append(f.Sources, fn.Filename)
		f.Quotes = f.Quotes || strings.ContainsAny(fn.Name+fn.Filename, "\"\\\n")
		f.Controls = f.Controls || strings.ContainsFunc(fn.Name, func(r rune) bool { return !unicode.IsPrint(r) })
	}
	for _, s := range p.Sample {
		on := map[string]bool{}
		for _, l := range s.Location {
			for _, line := range l.Line {
				if line.Function != nil {
					f.Recursive = f.Recursive || on[line.Function.Name]
					on[line.Function.Name] = true
				}
			}
		}
		for key, values := range s.Label {
			f.Labels[key] = append(f.Labels[key], values...)
			f.Quotes = f.Quotes || strings.ContainsAny(key+strings.Join(values, ""), "\"\\\n")
		}
		for key, values := range s.NumLabel {
			f.Numbers[key] = append(f.Numbers[key], values...)
			for _, unit := range s.NumUnit[key] {
				f.Units[unit] = true
			}
		}
	}
	for _, text := range p.Comments {
		f.Quotes = f.Quotes || strings.ContainsAny(text, "\"\\\n")
	}
	for key := range f.Labels {
		f.Labels[key] = unique(f.Labels[key])
	}
	for key := range f.Numbers {
		f.Numbers[key] = unique(f.Numbers[key])
	}
	f.Functions, f.Sources = unique(f.Functions), unique(f.Sources)
}

func unique[T int64 | string](values []T) []T {
	slices.Sort(values)
	return slices.Compact(values)
}

// recorded copies what is checked in; the text formats lie there compressed and are wanted as they were.
func (c *Corpus) recorded() error {
	entries, err := fs.ReadDir(recorded, "recorded")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".gz") {
			continue
		}
		content, err := recorded.ReadFile("recorded/" + entry.Name())
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(entry.Name(), ".gz")
		if name, isText := strings.CutSuffix(name, ".txt"); isText {
			if content, err = inflate(content); err != nil {
				return err
			}
			err = c.add(&File{Name: name + ".txt", Recorded: true, Legacy: true}, content)
		} else {
			err = c.add(&File{Name: name, Recorded: true}, content)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func inflate(content []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
