package main

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
)

// skeleton is a package without the bodies of its functions: against it one changed file is checked.
type skeleton struct {
	c     *corpus
	l     *listed
	trees map[string]*ast.File
}

func newSkeleton(c *corpus, l *listed) *skeleton {
	s := &skeleton{c: c, l: l, trees: map[string]*ast.File{}}
	for _, name := range l.GoFiles {
		path := filepath.Join(l.Dir, name)
		tree, err := parser.ParseFile(c.fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, decl := range tree.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil || fn.Type.TypeParams != nil {
				continue // a generic function has to have a body
			}
			if fn.Body = nil; fn.Recv == nil && (fn.Name.Name == "init" || fn.Name.Name == "main") {
				fn.Body = &ast.BlockStmt{Lbrace: fn.End(), Rbrace: fn.End()}
			}
		}
		s.trees[path] = tree
	}
	return s
}

// compiles says whether the package has no error of types when one of its files is `text`. An import that the mutant
// made superfluous is taken out: the text that compiles is returned.
func (s *skeleton) compiles(name string, text []byte) ([]byte, error) {
	for range 4 {
		err := s.check(filepath.Join(s.c.dir, name), text)
		var wrong types.Error
		if err == nil {
			return text, nil
		}
		if !errors.As(err, &wrong) || !isUnusedImport(wrong) {
			return nil, err
		}
		at := wrong.Fset.File(wrong.Pos).Offset(wrong.Pos)
		quote := bytes.IndexAny(text[at:], "\"`") // behind the name in import name "path"
		text = splice(text, []edit{{at, at + quote, "_ "}})
	}
	return nil, errors.New("imports do not settle")
}

func isUnusedImport(err types.Error) bool {
	return strings.Contains(err.Msg, " imported ") && strings.HasSuffix(err.Msg, "not used")
}

func (s *skeleton) check(path string, text []byte) error {
	fset := s.c.fset
	var trees []*ast.File
	var changed *token.File
	for _, name := range s.l.GoFiles {
		full := filepath.Join(s.l.Dir, name)
		tree := s.trees[full]
		if full == path {
			var err error
			if tree, err = parser.ParseFile(fset, path, text, parser.SkipObjectResolution); err != nil {
				return err
			}
			changed = fset.File(tree.FileStart)
		}
		trees = append(trees, tree)
	}
	config := s.c.config(s.l)
	var first error
	config.Error = func(err error) {
		var wrong types.Error
		if errors.As(err, &wrong) && isUnusedImport(wrong) && fset.File(wrong.Pos) != changed {
			return // a file whose bodies were taken away
		}
		if first == nil {
			first = err
		}
	}
	_, _ = config.Check(s.l.ImportPath, fset, trees, nil)
	return first
}
