package main

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// edit replaces bytes [From, To) of a file.
type edit struct {
	From, To int
	Text     string
}

// place is a piece of a file by lines, both ends in it.
type place struct {
	File     string
	From, To int
}

// mutant is a mistake at one site: a finding of one of Rules that was not there before, at one of Places, finds it.
type mutant struct {
	Operator string
	Corpus   string
	Package  string // folder in the module
	File     string
	Line     int
	Before   string // the line
	Rules    []string
	Places   []place
	Edits    []edit
	Text     string // of the file, when it compiles
}

// operator makes one kind of mistake wherever it can be made.
type operator struct {
	name  string
	rules string // by blanks
	what  string
	sites func(p *pkg, f *file) []site
}

type site struct {
	at     ast.Node
	edits  []edit
	places []place // the function around `at` when there are none
}

func splice(text []byte, edits []edit) []byte {
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].From < edits[j].From })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(text[at:e.From])
		out.WriteString(e.Text)
		at = e.To
	}
	out.Write(text[at:])
	return out.Bytes()
}

func (p *pkg) offset(pos token.Pos) int { return p.c.fset.File(pos).Offset(pos) }
func (p *pkg) line(pos token.Pos) int   { return p.c.fset.File(pos).Line(pos) }

func (p *pkg) text(f *file, n ast.Node) string {
	return string(f.text[p.offset(n.Pos()):p.offset(n.End())])
}

// replace keeps the number of lines.
func (p *pkg) replace(f *file, from, to token.Pos, text string) edit {
	a, b := p.offset(from), p.offset(to)
	lines := bytes.Count(f.text[a:b], []byte("\n")) - strings.Count(text, "\n")
	return edit{a, b, text + strings.Repeat("\n", max(lines, 0))}
}

func (p *pkg) drop(f *file, n ast.Node) edit { return p.replace(f, n.Pos(), n.End(), "") }

func (p *pkg) put(f *file, n ast.Node, text string) edit { return p.replace(f, n.Pos(), n.End(), text) }

func (p *pkg) around(f *file, n ast.Node) place {
	return place{f.name, p.line(n.Pos()), p.line(n.End())}
}

// functionOf is the declaration around n; nil at package level.
func (f *file) functionOf(n ast.Node) *ast.FuncDecl {
	for ; n != nil; n = f.parents[n] {
		if fn, ok := n.(*ast.FuncDecl); ok {
			return fn
		}
	}
	return nil
}

// above is the nearest node of type T around n, n not counted, not further than the function literal or declaration.
func above[T ast.Node](f *file, n ast.Node) (T, bool) {
	for n = f.parents[n]; n != nil; n = f.parents[n] {
		if found, ok := n.(T); ok {
			return found, true
		}
		switch n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			var none T
			return none, false
		}
	}
	var none T
	return none, false
}

// find calls visit for each node of type T below n.
func find[T ast.Node](n ast.Node, visit func(T)) {
	ast.Inspect(n, func(n ast.Node) bool {
		if found, ok := n.(T); ok {
			visit(found)
		}
		return true
	})
}

// behind gives the statements of the list that s is in, from the one after s.
func (f *file) behind(s ast.Stmt) []ast.Stmt {
	list := f.listOf(s)
	for i, other := range list {
		if other == s {
			return list[i+1:]
		}
	}
	return nil
}

func (f *file) listOf(s ast.Stmt) []ast.Stmt {
	switch parent := f.parents[s].(type) {
	case *ast.BlockStmt:
		return parent.List
	case *ast.CaseClause:
		return parent.Body
	case *ast.CommClause:
		return parent.Body
	}
	return nil
}

func (p *pkg) typeOf(e ast.Expr) types.Type {
	if t := p.info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

func isType[T types.Type](t types.Type) bool {
	_, ok := t.Underlying().(T)
	return ok
}

// object is what an identifier or the last name of a selector means, generic fields as they were declared.
func (p *pkg) object(e ast.Expr) types.Object {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return nil
	}
	found := p.info.ObjectOf(id)
	switch found := found.(type) {
	case *types.Var:
		return found.Origin()
	case *types.Func:
		return found.Origin()
	}
	return found
}

// callee is the full name of what is called, as types.Func prints it: maps.Clone, (*sync.Mutex).Lock, append.
func (p *pkg) callee(call *ast.CallExpr) string {
	fun := ast.Unparen(call.Fun)
	switch wrapped := fun.(type) {
	case *ast.IndexExpr:
		fun = wrapped.X
	case *ast.IndexListExpr:
		fun = wrapped.X
	}
	switch o := p.object(fun).(type) {
	case *types.Func:
		return o.FullName()
	case *types.Builtin:
		return o.Name()
	}
	return ""
}

func (p *pkg) isCall(n ast.Node, names ...string) (*ast.CallExpr, bool) {
	if s, ok := n.(*ast.ExprStmt); ok {
		n = s.X
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	name := p.callee(call)
	for _, one := range names {
		if one == name {
			return call, true
		}
	}
	return nil, false
}

// root is the variable that x.y[z].w starts from.
func (p *pkg) root(e ast.Expr) types.Object {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			return p.object(x)
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.UnaryExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// uses are the identifiers below n that mean o, in the order of the text.
func (p *pkg) uses(n ast.Node, o types.Object) []*ast.Ident {
	var found []*ast.Ident
	find(n, func(id *ast.Ident) {
		if p.info.ObjectOf(id) == o {
			found = append(found, id)
		}
	})
	return found
}

// defined is the variable of v := e with nothing else on either side.
func (p *pkg) defined(s ast.Stmt) (*ast.Ident, ast.Expr, types.Object) {
	assign, ok := s.(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 {
		return nil, nil, nil
	}
	id := assign.Lhs[0].(*ast.Ident)
	return id, assign.Rhs[0], p.info.Defs[id]
}

// hasPointers says whether values of a type hold pointers, as the collector sees it.
func hasPointers(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.String || u.Kind() == types.UnsafePointer
	case *types.Array:
		return hasPointers(u.Elem())
	case *types.Struct:
		for i := range u.NumFields() {
			if hasPointers(u.Field(i).Type()) {
				return true
			}
		}
		return false
	}
	return true
}
