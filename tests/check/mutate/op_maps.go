package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// freshMap gives the text of the type when e makes an empty map.
func (p *pkg) freshMap(f *file, e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.CallExpr:
		if _, ok := p.isCall(e, "make"); ok && isType[*types.Map](p.typeOf(e)) {
			return p.text(f, e.Args[0]), true
		}
	case *ast.CompositeLit:
		if len(e.Elts) == 0 && e.Type != nil && isType[*types.Map](p.typeOf(e)) {
			return p.text(f, e.Type), true
		}
	}
	return "", false
}

func dropMakeOfField(p *pkg, f *file) (found []site) {
	for o, uses := range p.facts.uses {
		if !hidden(o) || !isType[*types.Map](o.Type()) {
			continue
		}
		var made *use
		var places []place
		certain := true
		for i, u := range uses {
			switch {
			case u.kind == useAssign && made == nil && u.from != nil:
				made = &uses[i]
			case u.kind == useAssign:
				certain = false
			case u.kind == useWrite:
				places = append(places, p.around(u.f, u.stmt))
			case u.kind == useOther:
				if unary, ok := u.stmt.(*ast.UnaryExpr); ok && unary.Op == token.AND {
					certain = false
				}
			}
			if t := p.owner(u); t != nil && p.facts.unkeyed[t] {
				certain = false
			}
		}
		if !certain || made == nil || made.f != f || len(places) == 0 {
			continue
		}
		typeText, ok := p.freshMap(f, made.from)
		if !ok {
			continue
		}
		edits := p.dropAssignment(f, made, typeText)
		if edits != nil {
			found = append(found, site{made.node, edits, places})
		}
	}
	return found
}

func (p *pkg) dropAssignment(f *file, made *use, typeText string) []edit {
	switch at := made.stmt.(type) {
	case *ast.KeyValueExpr:
		end := at.End()
		for i := p.offset(end); i < len(f.text) && f.text[i] != '}'; i++ {
			if f.text[i] == ',' {
				end = f.tree.FileStart + token.Pos(i+1)
				break
			}
		}
		return []edit{p.replace(f, at.Pos(), end, "")}
	case *ast.AssignStmt:
		if len(at.Lhs) == 1 && f.listOf(at) != nil {
			return []edit{p.drop(f, at)}
		}
	case *ast.ValueSpec:
		if len(at.Names) == 1 {
			return []edit{p.put(f, at, at.Names[0].Name+" "+typeText)}
		}
	}
	return nil
}

func dropMakeOfLocal(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.AssignStmt) {
		id, from, o := p.defined(s)
		fn := f.functionOf(s)
		if o == nil || fn == nil || f.listOf(s) == nil {
			return
		}
		typeText, ok := p.freshMap(f, from)
		if !ok {
			return
		}
		uses := p.uses(fn, o)
		if len(uses) < 2 || !p.onlyWritten(f, uses[1:]) {
			return
		}
		if index, ok := f.parents[uses[1]].(*ast.IndexExpr); ok && p.isWritten(f, index) {
			found = append(found, site{at: s, edits: []edit{p.put(f, s, "var "+id.Name+" "+typeText)}})
		}
	})
	return found
}

// onlyWritten says that no use gives the variable another value or may do so.
func (p *pkg) onlyWritten(f *file, uses []*ast.Ident) bool {
	for _, id := range uses {
		switch at := f.parents[id].(type) {
		case *ast.AssignStmt:
			for _, left := range at.Lhs {
				if left == ast.Expr(id) {
					return false
				}
			}
		case *ast.UnaryExpr:
			return false
		}
	}
	return true
}

func dropInnerMake(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.IfStmt) {
		if s.Else != nil || len(s.Body.List) != 1 {
			return
		}
		assign, ok := s.Body.List[0].(*ast.AssignStmt)
		if !ok || assign.Tok != token.ASSIGN || len(assign.Lhs) != 1 {
			return
		}
		index, ok := assign.Lhs[0].(*ast.IndexExpr)
		if !ok || !isType[*types.Map](p.typeOf(index)) {
			return
		}
		if _, ok := p.freshMap(f, assign.Rhs[0]); !ok {
			return
		}
		slot := p.text(f, index)
		for _, later := range f.behind(s) {
			written := false
			find(later, func(inner *ast.IndexExpr) {
				written = written || (p.text(f, inner.X) == slot && p.isWritten(f, inner))
			})
			if written {
				found = append(found, site{at: s, edits: []edit{p.drop(f, s)}})
				return
			}
		}
	})
	return found
}

func goMapWrite(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.AssignStmt) {
		if len(s.Lhs) != 1 || s.Tok == token.DEFINE || f.listOf(s) == nil {
			return
		}
		index, ok := s.Lhs[0].(*ast.IndexExpr)
		if !ok || !isType[*types.Map](p.typeOf(index.X)) {
			return
		}
		loop, body := f.loopAround(s)
		fn := f.functionOf(s)
		o := p.root(index.X)
		if loop == nil || fn == nil || o == nil || (body.Pos() <= o.Pos() && o.Pos() < body.End()) || p.locks(fn) {
			return
		}
		if _, ok := ast.Unparen(index.X).(*ast.Ident); !ok {
			return // m[a][b] and x.m[k] may be another map each time
		}
		found = append(found, site{at: s, edits: []edit{p.put(f, s, "go func() { "+p.text(f, s)+" }()")}})
	})
	return found
}

// loopAround is the nearest loop around n in the same function, and its body.
func (f *file) loopAround(n ast.Node) (ast.Stmt, *ast.BlockStmt) {
	for n = f.parents[n]; n != nil; n = f.parents[n] {
		switch n := n.(type) {
		case *ast.ForStmt:
			return n, n.Body
		case *ast.RangeStmt:
			return n, n.Body
		case *ast.FuncLit, *ast.FuncDecl:
			return nil, nil
		}
	}
	return nil, nil
}

// locks says whether a function touches a mutex or starts goroutines.
func (p *pkg) locks(fn *ast.FuncDecl) bool {
	does := false
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			does = true
		case *ast.CallExpr:
			_, name := p.mutexCall(n)
			does = does || name != ""
		}
		return !does
	})
	return does
}

func rangeInsert(p *pkg, f *file) (found []site) {
	find(f.tree, func(loop *ast.RangeStmt) {
		if !isType[*types.Map](p.typeOf(loop.X)) || loop.Key == nil {
			return
		}
		key, ok := loop.Key.(*ast.Ident)
		if !ok || key.Name == "_" {
			return
		}
		find(loop.Body, func(assign *ast.AssignStmt) {
			if assign.Tok != token.ASSIGN || len(assign.Lhs) != 1 || p.ends(f, assign) {
				return
			}
			index, ok := assign.Lhs[0].(*ast.IndexExpr)
			if !ok || !types.Identical(p.typeOf(index.X), p.typeOf(loop.X)) ||
				p.text(f, index.X) == p.text(f, loop.X) {
				return
			}
			if _, plain := ast.Unparen(index.Index).(*ast.Ident); plain {
				return // may well be the key itself
			}
			found = append(found, site{at: assign, edits: []edit{p.put(f, index.X, p.text(f, loop.X))}})
		})
	})
	return found
}

// ends says whether the list that a statement stands in leaves the loop at its end.
func (p *pkg) ends(f *file, s ast.Stmt) bool {
	list := f.listOf(s)
	if len(list) == 0 {
		return true
	}
	switch last := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok != token.CONTINUE
	}
	return false
}

func dropCommaOk(p *pkg, f *file) (found []site) {
	find(f.tree, func(assert *ast.TypeAssertExpr) {
		if assert.Type == nil {
			return
		}
		assign, ok := f.parents[assert].(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
			return
		}
		if id, ok := assign.Lhs[1].(*ast.Ident); !ok || id.Name == "_" {
			return
		}
		if !p.isElement(f, assert.X) || types.IsInterface(p.typeOf(assert.Type)) {
			return
		}
		end := p.offset(assert.End())
		found = append(found, site{at: assign, edits: []edit{{end, end, ", true"}}})
	})
	return found
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// isElement says whether e is m[k] of a map[K]any, or a variable that one was put into right before.
func (p *pkg) isElement(f *file, e ast.Expr) bool {
	if index, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		m, ok := p.typeOf(index.X).Underlying().(*types.Map)
		return ok && isAny(m.Elem())
	}
	id, ok := e.(*ast.Ident)
	fn := f.functionOf(e)
	if !ok || fn == nil {
		return false
	}
	is := false
	find(fn, func(assign *ast.AssignStmt) {
		if len(assign.Rhs) != 1 || len(assign.Lhs) == 0 || assign.Tok != token.DEFINE {
			return
		}
		left, ok := assign.Lhs[0].(*ast.Ident)
		index, indexed := assign.Rhs[0].(*ast.IndexExpr)
		if ok && indexed && p.info.Defs[left] != nil && p.info.Defs[left] == p.info.Uses[id] {
			m, ok := p.typeOf(index.X).Underlying().(*types.Map)
			is = is || (ok && isAny(m.Elem()))
		}
	})
	return is
}

func dropDelete(p *pkg, f *file) (found []site) {
	for o, uses := range p.facts.uses {
		if !hidden(o) || !isType[*types.Map](o.Type()) {
			continue
		}
		var dropped *use
		var places []place
		certain := true
		for i, u := range uses {
			if v := o.(*types.Var); v.IsField() && u.kind == useWrite && !p.facts.held[p.owner(u)] {
				certain = false
			}
			switch u.kind {
			case useDelete:
				certain = certain && dropped == nil
				dropped = &uses[i]
			case useWrite:
				if u.fn != nil && u.fn.Name.Name != "init" && p.keyOf(u) {
					places = append(places, p.around(u.f, u.stmt))
				}
			case useAssign:
				certain = certain && (u.fn == nil || isType[*types.Struct](p.typeOf(u.node)) || p.isFirst(u))
			case useOther:
				certain = false // somebody else may delete
			}
		}
		if !certain || dropped == nil || dropped.f != f || len(places) == 0 {
			continue
		}
		call, ok := f.parents[dropped.node].(*ast.CallExpr)
		if !ok {
			continue
		}
		if s, ok := f.parents[call].(*ast.ExprStmt); ok && f.listOf(s) != nil {
			places = append(places, p.declared(o)...)
			text := "_ = " + p.text(f, call.Args[len(call.Args)-1]) // so that the key stays used
			found = append(found, site{s, []edit{p.put(f, s, text)}, places})
		}
	}
	return found
}

// isFirst says that an assignment is one of a constructor, or only happens when the map is nil.
func (p *pkg) isFirst(u use) bool {
	if _, ok := u.stmt.(*ast.KeyValueExpr); ok {
		return true
	}
	check, ok := above[*ast.IfStmt](u.f, u.stmt)
	return ok && p.text(u.f, check.Cond) == p.text(u.f, u.node)+" == nil"
}

// keyOf says whether the key of a write is no constant.
func (p *pkg) keyOf(u use) bool {
	index, ok := u.f.parents[u.node].(*ast.IndexExpr)
	return ok && p.info.Types[index.Index].Value == nil
}

func (p *pkg) declared(o types.Object) []place {
	for _, f := range p.files {
		if f.tree.FileStart <= o.Pos() && o.Pos() < f.tree.FileEnd {
			return []place{{f.name, p.line(o.Pos()), p.line(o.Pos())}}
		}
	}
	return nil
}

func dropSizeOfMap(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.AssignStmt) {
		_, from, o := p.defined(s)
		call, ok := p.isCall(from, "make")
		if o == nil || !ok || len(call.Args) != 2 || !isType[*types.Map](p.typeOf(call)) {
			return
		}
		if loop := p.rangeOfSize(f, s, call.Args[1]); loop != nil {
			filled := false
			for _, inner := range loop.Body.List {
				if assign, ok := inner.(*ast.AssignStmt); ok && len(assign.Lhs) == 1 {
					if index, ok := assign.Lhs[0].(*ast.IndexExpr); ok && p.object(index.X) == o {
						filled = true
					}
				}
			}
			if filled {
				size := p.replace(f, call.Args[0].End(), call.Rparen, "")
				found = append(found, site{at: s, edits: []edit{size}})
			}
		}
	})
	return found
}

// rangeOfSize is the loop over x behind s when size is len(x).
func (p *pkg) rangeOfSize(f *file, s ast.Stmt, size ast.Expr) *ast.RangeStmt {
	call, ok := p.isCall(size, "len")
	if !ok {
		return nil
	}
	for _, later := range f.behind(s) {
		if loop, ok := later.(*ast.RangeStmt); ok {
			if p.text(f, loop.X) == p.text(f, call.Args[0]) {
				return loop
			}
			return nil
		}
	}
	return nil
}
