package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

type useKind int

const (
	useOther  useKind = iota // passed on, returned, compared, its address taken
	useRead                  // m[k], range, len
	useWrite                 // m[k] = v, m[k]++, copy into it
	useDelete                // delete, clear
	useAssign                // m = e, or a key of a literal
	useAppend                // m = append(m, …)
)

// use is one appearance of a field or variable.
type use struct {
	kind useKind
	f    *file
	node ast.Expr // m or x.m
	stmt ast.Node // the assignment, call or key that it is an operand of
	from ast.Expr // what is assigned
	fn   *ast.FuncDecl
}

// facts are all uses of the fields and package variables that are maps, slices or pointers to structs.
type facts struct {
	uses    map[types.Object][]use
	unkeyed map[types.Type]bool // structs with a literal without keys
	held    map[types.Type]bool // structs that a package variable is, or points to
}

func gatherFacts(p *pkg) *facts {
	all := &facts{uses: map[types.Object][]use{}, unkeyed: map[types.Type]bool{}, held: map[types.Type]bool{}}
	for _, f := range p.files {
		ast.Inspect(f.tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if isType[*types.Struct](p.typeOf(n)) && len(n.Elts) > 0 {
					if _, keyed := n.Elts[0].(*ast.KeyValueExpr); !keyed {
						all.unkeyed[p.typeOf(n)] = true
					}
				}
			case *ast.Ident:
				p.addUse(all, f, n)
			}
			return true
		})
	}
	scope := p.info.Defs
	for _, o := range scope {
		if v, ok := o.(*types.Var); ok && !v.IsField() && v.Parent() == v.Pkg().Scope() {
			t := v.Type()
			if pointer, ok := t.Underlying().(*types.Pointer); ok {
				t = pointer.Elem()
			}
			all.held[t] = true
		}
	}
	return all
}

func (p *pkg) addUse(all *facts, f *file, id *ast.Ident) {
	v, ok := p.object(id).(*types.Var)
	if !ok || v.Pkg() == nil || (!v.IsField() && v.Parent() != v.Pkg().Scope()) {
		return
	}
	u := use{f: f, node: id, fn: f.functionOf(id)}
	parent := f.parents[id]
	switch at := parent.(type) {
	case *ast.SelectorExpr:
		if at.Sel == id {
			u.node, parent = at, f.parents[at]
		}
	case *ast.KeyValueExpr:
		if at.Key == id && v.IsField() {
			u.kind, u.stmt, u.from = useAssign, at, at.Value
			all.uses[v] = append(all.uses[v], u)
			return
		}
	case *ast.Field:
		return
	}
	for {
		paren, ok := parent.(*ast.ParenExpr)
		if !ok {
			break
		}
		parent = f.parents[paren]
	}
	u.stmt = parent
	p.classify(&u, f, parent)
	all.uses[v] = append(all.uses[v], u)
}

func (p *pkg) classify(u *use, f *file, parent ast.Node) {
	switch at := parent.(type) {
	case *ast.IndexExpr:
		if ast.Unparen(at.X) == u.node {
			u.kind = useRead
			if p.isWritten(f, at) {
				u.kind, u.stmt = useWrite, f.parents[at]
			}
		}
	case *ast.RangeStmt:
		u.kind = useRead
	case *ast.CallExpr:
		switch p.callee(at) {
		case "len", "cap":
			u.kind = useRead
		case "delete", "clear":
			u.kind = useDelete
		}
	case *ast.ValueSpec:
		for i, name := range at.Names {
			if ast.Expr(name) == u.node {
				u.kind = useRead
				if i < len(at.Values) {
					u.kind, u.from = useAssign, at.Values[i]
				}
			}
		}
	case *ast.AssignStmt:
		for i, left := range at.Lhs {
			if ast.Unparen(left) != u.node {
				continue
			}
			u.kind = useAssign
			if len(at.Rhs) == len(at.Lhs) {
				u.from = at.Rhs[i]
				if _, ok := p.isCall(at.Rhs[i], "append"); ok {
					u.kind = useAppend
				}
			}
		}
	}
}

// isWritten says whether an expression is what an assignment, ++ or the like changes.
func (p *pkg) isWritten(f *file, e ast.Expr) bool {
	switch at := f.parents[e].(type) {
	case *ast.AssignStmt:
		if at.Tok == token.DEFINE {
			return false
		}
		for _, left := range at.Lhs {
			if left == e {
				return true
			}
		}
	case *ast.IncDecStmt:
		return true
	}
	return false
}

// hidden says whether only this package can name the object.
func hidden(o types.Object) bool { return !o.Exported() }

// owner is the struct that a field is declared in, by the selectors that reach it.
func (p *pkg) owner(u use) types.Type {
	selector, ok := u.node.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	t := p.typeOf(selector.X)
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	return t
}
