// Prints a line for each Go file named on standard input: the path, and either where it is rejected or a hash of
// kind, begin and end of all nodes that go/parser makes and how many there are of each kind. treedump prints the same of
// memsnap's parser.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"reflect"
	"strings"
)

// The order of memsnap's kinds.
var kinds = strings.Fields(`BadExpr Ident Ellipsis BasicLit FuncLit CompositeLit ParenExpr SelectorExpr IndexExpr
	IndexListExpr SliceExpr TypeAssertExpr CallExpr StarExpr UnaryExpr BinaryExpr KeyValueExpr ArrayType StructType
	FuncType InterfaceType MapType ChanType BadStmt DeclStmt EmptyStmt LabeledStmt ExprStmt SendStmt IncDecStmt
	AssignStmt GoStmt DeferStmt ReturnStmt BranchStmt BlockStmt IfStmt CaseClause SwitchStmt TypeSwitchStmt CommClause
	SelectStmt ForStmt RangeStmt ImportSpec ValueSpec TypeSpec BadDecl GenDecl FuncDecl Field FieldList File`)

type hash uint64

func (h *hash) mix(v uint64) { *h = (*h ^ hash(v)) * 1099511628211 }

func (h *hash) text(s string) {
	for i := range len(s) {
		h.mix(uint64(s[i]))
	}
}

func describe(path string) (string, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	files := token.NewFileSet()
	mode := parser.AllErrors | parser.ParseComments | parser.SkipObjectResolution
	tree, err := parser.ParseFile(files, path, source, mode)
	if err != nil {
		first := len(source)
		for _, e := range err.(scanner.ErrorList) {
			first = min(first, e.Pos.Offset)
		}
		return fmt.Sprint("rejected on line ", 1+bytes.Count(source[:first], []byte("\n"))), nil
	}
	base := token.Pos(files.File(tree.Package).Base())
	h := hash(14695981039346656037)
	counts := map[string]int{}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		}
		kind := reflect.TypeOf(n).Elem().Name()
		counts[kind]++
		if kind == "File" {
			return true
		}
		h.text(kind)
		h.mix(uint64(n.Pos() - base))
		h.mix(uint64(n.End() - base))
		if id, ok := n.(*ast.Ident); ok {
			h.text(id.Name)
		}
		return true
	})
	var line strings.Builder
	fmt.Fprintf(&line, "%016x", uint64(h))
	for _, k := range kinds {
		if counts[k] > 0 {
			fmt.Fprintf(&line, " %s=%d", k, counts[k])
		}
	}
	return line.String(), nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "gosrc:", err)
		os.Exit(1)
	}
}

var (
	mutants = flag.String("mutants", "", "write mutants of the files into this `folder` instead")
	count   = flag.Int("count", 1000, "how many mutants")
	seed    = flag.Uint64("seed", 1, "which mutants")
)

func main() {
	flag.Parse()
	var files []string
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		files = append(files, in.Text())
	}
	if *mutants != "" {
		check(writeMutants(*mutants, files, *count, *seed))
		return
	}
	out := bufio.NewWriter(os.Stdout)
	for _, path := range files {
		line, err := describe(path)
		check(err)
		fmt.Fprintln(out, path, line)
	}
	check(out.Flush())
}
