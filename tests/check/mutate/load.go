package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// listed is what we ask the go command about a package.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
	Standard   bool
	DepOnly    bool
	Module     *struct{ GoVersion string }
}

// corpus is one module, with the types of everything it imports.
type corpus struct {
	name  string
	dir   string
	fset  *token.FileSet
	all   map[string]*listed
	asked []*listed // packages of the module itself
	deps  map[string]*types.Package
}

func openCorpus(name, dir string, patterns []string) (*corpus, error) {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	c := &corpus{name: name, dir: real, fset: token.NewFileSet(), all: map[string]*listed{},
		deps: map[string]*types.Package{"unsafe": types.Unsafe}}
	args := append([]string{"list", "-e", "-deps", "-json=ImportPath,Dir,GoFiles,ImportMap,Standard,DepOnly,Module"},
		patterns...)
	cmd := exec.Command("go", args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w", dir, err)
	}
	for in := json.NewDecoder(bytes.NewReader(out)); ; {
		l := new(listed)
		if err := in.Decode(l); errors.Is(err, io.EOF) {
			return c, nil
		} else if err != nil {
			return nil, err
		}
		c.all[l.ImportPath] = l
		if !l.DepOnly && len(l.GoFiles) > 0 {
			c.asked = append(c.asked, l)
		}
	}
}

// importer gives the packages that l imports; of those the bodies of functions are not looked at.
type importer struct {
	c *corpus
	l *listed
}

func (in importer) Import(path string) (*types.Package, error) {
	if mapped, ok := in.l.ImportMap[path]; ok {
		path = mapped
	}
	if done, ok := in.c.deps[path]; ok {
		return done, nil
	}
	l, ok := in.c.all[path]
	if !ok {
		return nil, fmt.Errorf("%s is not known to go list", path)
	}
	var files []*ast.File
	for _, name := range l.GoFiles {
		file, err := parser.ParseFile(in.c.fset, filepath.Join(l.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				fn.Body = nil // bodies are most of the memory, and nobody asks for them
			}
		}
		files = append(files, file)
	}
	config := in.c.config(l)
	config.IgnoreFuncBodies = true
	config.Error = func(error) {}
	made, _ := config.Check(path, in.c.fset, files, nil)
	in.c.deps[path] = made
	return made, nil
}

func (c *corpus) config(l *listed) *types.Config {
	config := &types.Config{Importer: importer{c, l}, FakeImportC: true, Sizes: types.SizesFor("gc", "amd64")}
	if l.Module != nil && l.Module.GoVersion != "" {
		config.GoVersion = "go" + l.Module.GoVersion
	}
	return config
}

// file is one source file of a package that mutants are made in.
type file struct {
	name    string // relative to the module
	text    []byte
	tree    *ast.File
	parents map[ast.Node]ast.Node
}

// pkg is a package with types for all its expressions.
type pkg struct {
	c     *corpus
	l     *listed
	files []*file
	info  *types.Info
	facts *facts
}

func (c *corpus) open(l *listed) (*pkg, error) {
	p := &pkg{c: c, l: l}
	var trees []*ast.File
	for _, name := range l.GoFiles {
		path := filepath.Join(l.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(c.fset, path, text, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, err
		}
		relative, err := filepath.Rel(c.dir, path)
		if err != nil {
			return nil, err
		}
		trees = append(trees, tree)
		if !ast.IsGenerated(tree) {
			p.files = append(p.files, &file{name: relative, text: text, tree: tree, parents: parentsOf(tree)})
		}
	}
	p.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	if _, err := c.config(l).Check(l.ImportPath, c.fset, trees, p.info); err != nil {
		return nil, err
	}
	p.facts = gatherFacts(p)
	return p, nil
}

func parentsOf(tree *ast.File) map[ast.Node]ast.Node {
	parents := map[ast.Node]ast.Node{}
	var stack []ast.Node
	ast.Inspect(tree, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if len(stack) > 0 {
			parents[n] = stack[len(stack)-1]
		}
		stack = append(stack, n)
		return true
	})
	return parents
}
