package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// hoisted visits v := e directly in the body of a loop when e makes something anew from what the loop does not change,
// and the body keeps v somewhere.
func hoisted(p *pkg, f *file, visit func(loop ast.Stmt, s ast.Stmt, from ast.Expr, o types.Object)) {
	find(f.tree, func(s *ast.AssignStmt) {
		_, from, o := p.defined(s)
		if o == nil {
			return
		}
		loop, body := f.loopAround(s)
		if loop == nil || f.parents[s] != ast.Node(body) || f.listOf(loop) == nil {
			return
		}
		outside := true
		find(from, func(id *ast.Ident) {
			used := p.info.Uses[id]
			outside = outside && (used == nil || used.Pos() < loop.Pos() || used.Pos() >= loop.End())
		})
		if outside && p.kept(f, body, o) {
			visit(loop, s, from, o)
		}
	})
}

// kept says whether the variable itself, or a piece of it, is stored, appended as an element or sent.
func (p *pkg) kept(f *file, body ast.Node, o types.Object) bool {
	for _, id := range p.uses(body, o) {
		var e ast.Expr = id
		if slice, ok := f.parents[id].(*ast.SliceExpr); ok && slice.X == e {
			e = slice
		}
		e = f.literalAround(e)
		switch at := f.parents[e].(type) {
		case *ast.SendStmt:
			return at.Value == e
		case *ast.CallExpr:
			if _, ok := p.isCall(at, "append"); ok && at.Args[0] != e && !at.Ellipsis.IsValid() {
				return true
			}
		case *ast.AssignStmt:
			for i, right := range at.Rhs {
				if right != e || len(at.Lhs) != len(at.Rhs) {
					continue
				}
				switch at.Lhs[i].(type) {
				case *ast.IndexExpr, *ast.SelectorExpr:
					return true
				}
			}
		}
	}
	return false
}

// literalAround is the outermost struct or slice literal that e is an element of, with its &; e when there is none.
func (f *file) literalAround(e ast.Expr) ast.Expr {
	for {
		switch at := f.parents[e].(type) {
		case *ast.KeyValueExpr:
			literal, ok := f.parents[at].(*ast.CompositeLit)
			if !ok || at.Value != e {
				return e
			}
			e = literal
		case *ast.CompositeLit:
			if at.Type == e {
				return e
			}
			e = at
		case *ast.UnaryExpr:
			if _, ok := e.(*ast.CompositeLit); !ok || at.Op != token.AND {
				return e
			}
			e = at
		default:
			return e
		}
	}
}

// changed says whether the body writes through the variable.
func (p *pkg) changed(f *file, body ast.Node, o types.Object) bool {
	for _, id := range p.uses(body, o) {
		switch at := f.parents[id].(type) {
		case *ast.IndexExpr:
			if at.X == ast.Expr(id) && p.isWritten(f, at) {
				return true
			}
		case *ast.CallExpr:
			switch p.callee(at) {
			case "copy", "io.ReadFull":
				return true
			case "append":
				if at.Args[0] == ast.Expr(id) {
					return true
				}
			}
		}
	}
	return false
}

func hoistMap(p *pkg, f *file) (found []site) {
	hoisted(p, f, func(loop, s ast.Stmt, from ast.Expr, o types.Object) {
		if _, ok := p.freshMap(f, from); ok && p.changed(f, loop, o) {
			found = append(found, site{at: s, edits: p.hoist(f, loop, s, p.text(f, s), "")})
		}
	})
	return found
}

func hoistSlice(p *pkg, f *file) (found []site) {
	found = hoistBuffer(p, f)
	hoisted(p, f, func(loop, s ast.Stmt, from ast.Expr, o types.Object) {
		if !isType[*types.Slice](p.typeOf(from)) || !p.changed(f, loop, o) {
			return
		}
		again := ""
		switch e := from.(type) {
		case *ast.CallExpr:
			if _, ok := p.isCall(e, "make"); !ok {
				return
			}
			if p.info.Types[e.Args[1]].Value != nil && p.text(f, e.Args[1]) == "0" {
				again = o.Name() + " = " + o.Name() + "[:0]"
			}
		case *ast.CompositeLit:
			if len(e.Elts) > 0 {
				return
			}
			again = o.Name() + " = " + o.Name() + "[:0]"
		default:
			return
		}
		found = append(found, site{at: s, edits: p.hoist(f, loop, s, p.text(f, s), again)})
	})
	return found
}

// hoistBuffer moves var s []T in front of its loop, where each iteration appends to s and keeps it.
func hoistBuffer(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.DeclStmt) {
		decl, ok := s.Decl.(*ast.GenDecl)
		if !ok || decl.Tok != token.VAR || len(decl.Specs) != 1 {
			return
		}
		spec := decl.Specs[0].(*ast.ValueSpec)
		loop, body := f.loopAround(s)
		if len(spec.Names) != 1 || len(spec.Values) > 0 || loop == nil || f.parents[s] != ast.Node(body) ||
			f.listOf(loop) == nil {
			return
		}
		o := p.info.Defs[spec.Names[0]]
		if o != nil && isType[*types.Slice](o.Type()) && p.changed(f, body, o) && p.kept(f, body, o) {
			found = append(found, site{at: s, edits: p.hoist(f, loop, s, p.text(f, s), o.Name()+" = "+o.Name()+"[:0]")})
		}
	})
	return found
}

func (p *pkg) hoist(f *file, loop, s ast.Stmt, text, again string) []edit {
	at := p.offset(loop.Pos())
	return []edit{{at, at, strings.ReplaceAll(text, "\n", " ") + "; "}, p.put(f, s, again)}
}

func makeLen(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.AssignStmt) {
		id, from, o := p.defined(s)
		call, ok := p.isCall(from, "make")
		fn := f.functionOf(s)
		if o == nil || !ok || fn == nil || len(call.Args) != 3 || p.text(f, call.Args[1]) != "0" ||
			p.text(f, call.Args[2]) == "0" {
			return
		}
		uses := p.uses(fn, o)
		for i, use := range uses {
			if use == id && i+1 < len(uses) {
				use = uses[i+1]
				assign, ok := f.parents[use].(*ast.AssignStmt)
				if !ok || len(assign.Rhs) != 1 || len(assign.Lhs) != 1 || assign.Lhs[0] != ast.Expr(use) {
					return
				}
				if grown, ok := p.isCall(assign.Rhs[0], "append"); ok && p.object(grown.Args[0]) == o {
					zero := p.replace(f, call.Args[1].Pos(), call.Args[2].Pos(), "")
					found = append(found, site{at: s, edits: []edit{zero}})
				}
				return
			}
		}
	})
	return found
}

func capBound(p *pkg, f *file) (found []site) {
	find(f.tree, func(loop *ast.ForStmt) {
		cond, ok := loop.Cond.(*ast.BinaryExpr)
		if !ok || cond.Op != token.LSS {
			return
		}
		call, ok := p.isCall(cond.Y, "len")
		if !ok || !isType[*types.Slice](p.typeOf(call.Args[0])) {
			return
		}
		index, slice := p.text(f, cond.X), p.text(f, call.Args[0])
		indexed := false
		find(loop.Body, func(e *ast.IndexExpr) {
			indexed = indexed || (p.text(f, e.X) == slice && p.text(f, e.Index) == index)
		})
		if indexed {
			found = append(found, site{at: cond, edits: []edit{p.put(f, call.Fun, "cap")}})
		}
	})
	find(f.tree, func(e *ast.IndexExpr) {
		last, ok := e.Index.(*ast.BinaryExpr)
		if !ok || last.Op != token.SUB || !isType[*types.Slice](p.typeOf(e.X)) {
			return
		}
		if call, ok := p.isCall(last.X, "len"); ok && p.text(f, call.Args[0]) == p.text(f, e.X) {
			found = append(found, site{at: e, edits: []edit{p.put(f, call.Fun, "cap")}})
		}
	})
	return found
}

func keepPointers(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.AssignStmt) {
		if len(s.Lhs) != 1 || len(s.Rhs) != 1 || s.Tok != token.ASSIGN {
			return
		}
		field, ok := s.Lhs[0].(*ast.SelectorExpr)
		fn := f.functionOf(s)
		slice, isSlice := p.typeOf(s.Lhs[0]).Underlying().(*types.Slice)
		if !ok || !isSlice || fn == nil || fn.Recv == nil || !hasPointers(slice.Elem()) || !p.grows(p.object(field)) {
			return
		}
		switch fn.Name.Name {
		case "Close", "Stop", "Shutdown", "Cleanup", "close", "stop", "shutdown", "cleanup":
			return // the object is on its way out
		}
		text := p.text(f, field)
		if p.info.Types[s.Rhs[0]].IsNil() && p.isReceiver(fn, field.X) {
			found = append(found, site{at: s, edits: []edit{p.put(f, s.Rhs[0], text+"[:0]")}})
		}
		if cut, ok := s.Rhs[0].(*ast.SliceExpr); ok && p.text(f, cut.X) == text {
			for _, before := range f.listOf(s) {
				if call, ok := p.isCall(before, "clear"); ok && before.End() < s.Pos() && p.text(f, call.Args[0]) == text {
					found = append(found, site{at: s, edits: []edit{p.drop(f, before)}})
				}
			}
		}
	})
	return found
}

func (p *pkg) grows(o types.Object) bool {
	for _, u := range p.facts.uses[o] {
		if u.kind == useAppend {
			return true
		}
	}
	return false
}

func (p *pkg) isReceiver(fn *ast.FuncDecl, e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && len(fn.Recv.List[0].Names) == 1 && p.object(id) == p.info.Defs[fn.Recv.List[0].Names[0]] &&
		isType[*types.Pointer](p.typeOf(e))
}

// shareAppend looks for appends to a base that a loop does not change: without a clone, or without a limit of capacity,
// each iteration writes behind the same end.
func shareAppend(p *pkg, f *file) (found []site) {
	found = shareCopy(p, f)
	find(f.tree, func(call *ast.CallExpr) {
		loop, _ := f.loopAround(call)
		if loop == nil {
			return
		}
		if whole, ok := p.isCall(call, "slices.Concat"); ok && len(whole.Args) == 2 && !whole.Ellipsis.IsValid() {
			if p.isOutside(loop, whole.Args[0]) {
				text := "append(" + p.text(f, whole.Args[0]) + ", " + p.text(f, whole.Args[1]) + "...)"
				found = append(found, site{at: call, edits: []edit{p.put(f, call, text)}})
			}
			return
		}
		if _, ok := p.isCall(call, "append"); !ok {
			return
		}
		if from := p.cloned(call); from != nil && p.isOutside(loop, from) && p.growsNext(f, call) {
			found = append(found, site{at: call, edits: []edit{p.put(f, call, p.text(f, from))}})
			return
		}
		base := ast.Unparen(call.Args[0])
		from := p.cloned(base)
		if limited, ok := p.isCall(base, "slices.Clip"); ok {
			from = limited.Args[0]
		}
		if limited, ok := base.(*ast.SliceExpr); ok && limited.Slice3 && p.isOutside(loop, limited.X) {
			end := p.replace(f, limited.High.End(), limited.Rbrack, "")
			found = append(found, site{at: call, edits: []edit{end}})
		} else if from != nil && p.isOutside(loop, from) {
			found = append(found, site{at: call, edits: []edit{p.put(f, base, p.text(f, from))}})
		}
	})
	return found
}

// shareCopy takes the base itself where a loop copies it before it appends: v := make(…); copy(v, base).
func shareCopy(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.AssignStmt) {
		_, from, o := p.defined(s)
		loop, _ := f.loopAround(s)
		behind := f.behind(s)
		if o == nil || loop == nil || len(behind) == 0 {
			return
		}
		base := p.copied(f, behind[0], o)
		if base == nil || !p.isOutside(loop, base) || !types.Identical(p.typeOf(base), o.Type()) {
			return
		}
		grows := false
		for _, later := range behind[1:] {
			find(later, func(call *ast.CallExpr) {
				_, ok := p.isCall(call, "append")
				grows = grows || (ok && p.object(call.Args[0]) == o)
			})
		}
		if grows {
			found = append(found, site{at: s, edits: []edit{p.put(f, from, p.text(f, base)), p.drop(f, behind[0])}})
		}
	})
	return found
}

func (p *pkg) isOutside(loop ast.Node, e ast.Expr) bool {
	o := p.root(e)
	return o != nil && (o.Pos() < loop.Pos() || o.Pos() >= loop.End())
}

// growsNext says whether v of v := e is appended to later in the same list.
func (p *pkg) growsNext(f *file, e ast.Expr) bool {
	s, ok := f.parents[e].(*ast.AssignStmt)
	if !ok {
		return false
	}
	_, _, o := p.defined(s)
	grows := false
	for _, later := range f.behind(s) {
		find(later, func(call *ast.CallExpr) {
			if _, ok := p.isCall(call, "append"); ok && o != nil && p.object(call.Args[0]) == o {
				grows = true
			}
		})
	}
	return grows
}

func writeAfterSend(p *pkg, f *file) (found []site) {
	ast.Inspect(f.tree, func(n ast.Node) bool {
		s, ok := n.(ast.Stmt)
		if !ok {
			return true
		}
		given := p.givenAway(s)
		list := f.listOf(s)
		for i := len(list) - 1; i > 0 && len(given) > 0; i-- {
			if list[i] != s {
				continue
			}
			for i--; i >= 0; i-- {
				write, ok := list[i].(*ast.AssignStmt)
				if !ok || len(write.Lhs) != 1 || write.Tok == token.DEFINE {
					return true // further up something else may depend on the write
				}
				if p.reaches(write.Lhs[0], given) && p.isRead(f, s, write.Lhs[0]) {
					found = append(found, site{at: s, edits: []edit{
						p.put(f, write, ""), p.put(f, s, p.text(f, s)+"; "+p.text(f, write))}})
					return true
				}
			}
		}
		return true
	})
	return found
}

// isRead says whether a goroutine whose body stands here names what is written; of other statements nobody knows.
func (p *pkg) isRead(f *file, s ast.Stmt, written ast.Expr) bool {
	goes, ok := s.(*ast.GoStmt)
	if !ok {
		return true
	}
	literal, ok := goes.Call.Fun.(*ast.FuncLit)
	return !ok || strings.Contains(p.text(f, literal.Body), p.text(f, written))
}

// givenAway are the values that a statement sends, or that a goroutine it starts gets or sees.
func (p *pkg) givenAway(s ast.Stmt) []ast.Expr {
	switch s := s.(type) {
	case *ast.SendStmt:
		return []ast.Expr{s.Value}
	case *ast.GoStmt:
		given := s.Call.Args
		if literal, ok := s.Call.Fun.(*ast.FuncLit); ok {
			find(literal.Body, func(id *ast.Ident) {
				if v, ok := p.object(id).(*types.Var); ok && !v.IsField() && v.Pos() < literal.Pos() {
					given = append(given, id)
				}
			})
		}
		return given
	}
	return nil
}

// reaches says whether a write to e changes what one of the values given away shows: x.f or x[k] of a pointer, map or
// slice x.
func (p *pkg) reaches(e ast.Expr, given []ast.Expr) bool {
	var base ast.Expr
	switch e := e.(type) {
	case *ast.SelectorExpr:
		base = e.X
		if !isType[*types.Pointer](p.typeOf(base)) {
			return false
		}
	case *ast.IndexExpr:
		base = e.X
	default:
		return false
	}
	id, ok := base.(*ast.Ident)
	for _, one := range given {
		if other, is := one.(*ast.Ident); ok && is && p.object(id) == p.object(other) {
			return true
		}
	}
	return false
}

// dropClone looks for clones of what is stored where it stays: in a map, a field, a channel, or as an element.
func dropClone(p *pkg, f *file) (found []site) {
	find(f.tree, func(call *ast.CallExpr) {
		from := p.cloned(call)
		if from == nil || isType[*types.Map](p.typeOf(call)) {
			return
		}
		stored := false
		kept := f.literalAround(call)
		switch at := f.parents[kept].(type) {
		case *ast.ReturnStmt:
			stored = true
		case *ast.SendStmt:
			stored = true
		case *ast.CallExpr:
			_, is := p.isCall(at, "append")
			stored = is && at.Args[0] != kept && !at.Ellipsis.IsValid()
		case *ast.AssignStmt:
			if len(at.Lhs) == 1 {
				switch at.Lhs[0].(type) {
				case *ast.IndexExpr, *ast.SelectorExpr:
					stored = true
				}
			}
		}
		if stored && p.isPart(f, from) {
			found = append(found, site{at: call, edits: []edit{p.put(f, call, p.text(f, from))}})
		}
	})
	return found
}

// isPart says whether e shows memory that it shares: a piece cut out by an expression, a buffer's bytes, or a variable
// that a loop around refills.
func (p *pkg) isPart(f *file, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.SliceExpr:
		return true
	case *ast.CallExpr:
		switch name := p.callee(e); {
		case strings.HasPrefix(name, "strings.Trim"), strings.HasPrefix(name, "bytes.Trim"):
			return true
		case name == "(*bytes.Buffer).Bytes", name == "(*bufio.Scanner).Bytes":
			return true
		}
	case *ast.Ident:
		if from := p.definition(f, e); from != nil && p.isPart(f, from) {
			return true
		}
		loop, _ := f.loopAround(e)
		return loop != nil && p.isOutside(loop, e) && p.changed(f, loop, p.object(e))
	}
	return false
}

// definition is e of v := e, the statement that defines the variable in this function; nil when there is none.
func (p *pkg) definition(f *file, id *ast.Ident) (from ast.Expr) {
	fn := f.functionOf(id)
	if fn == nil {
		return nil
	}
	find(fn, func(s *ast.AssignStmt) {
		if _, e, o := p.defined(s); o != nil && o == p.object(id) {
			from = e
		}
	})
	return from
}

func dropSizeOfSlice(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.AssignStmt) {
		id, from, o := p.defined(s)
		call, ok := p.isCall(from, "make")
		if o == nil || !ok || len(call.Args) != 3 || f.listOf(s) == nil {
			return
		}
		loop := p.rangeOfSize(f, s, call.Args[2])
		if loop == nil {
			return
		}
		for _, inner := range loop.Body.List {
			assign, ok := inner.(*ast.AssignStmt)
			if !ok || len(assign.Rhs) != 1 || len(assign.Lhs) != 1 || p.object(assign.Lhs[0]) != o {
				continue
			}
			if grown, ok := p.isCall(assign.Rhs[0], "append"); ok && len(grown.Args) == 2 && !grown.Ellipsis.IsValid() {
				text := "var " + id.Name + " " + p.text(f, call.Args[0])
				found = append(found, site{at: s, edits: []edit{p.put(f, s, text)}})
				return
			}
		}
	})
	return found
}
