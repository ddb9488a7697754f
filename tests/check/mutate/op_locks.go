package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// mutexCall gives x.mu of x.mu.Lock(), or x of x.Lock(), and the name of the method.
func (p *pkg) mutexCall(call *ast.CallExpr) (ast.Expr, string) {
	selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, ""
	}
	switch p.callee(call) {
	case "(*sync.Mutex).Lock", "(*sync.Mutex).Unlock", "(*sync.RWMutex).Lock", "(*sync.RWMutex).Unlock",
		"(*sync.RWMutex).RLock", "(*sync.RWMutex).RUnlock":
		return selector.X, selector.Sel.Name
	}
	return nil, ""
}

// pair is the only lock and the only unlock of one mutex in a function, both statements of its outermost block.
type pair struct {
	mutex        string // text: s.mu
	base         string // text: s
	lock, unlock *ast.CallExpr
	first, last  ast.Stmt
	deferred     bool
	rw           bool
}

func (p *pkg) pairOf(f *file, fn *ast.FuncDecl) *pair {
	if fn.Body == nil {
		return nil
	}
	found := &pair{}
	calls := 0
	find(fn.Body, func(call *ast.CallExpr) {
		if _, name := p.mutexCall(call); name != "" {
			calls++
		}
	})
	for _, s := range fn.Body.List {
		var call *ast.CallExpr
		deferred := false
		switch s := s.(type) {
		case *ast.ExprStmt:
			call, _ = s.X.(*ast.CallExpr)
		case *ast.DeferStmt:
			call, deferred = s.Call, true
		}
		if call == nil {
			continue
		}
		mutex, name := p.mutexCall(call)
		switch {
		case name == "":
		case found.lock == nil && !strings.Contains(name, "Unlock"):
			found.mutex, found.lock, found.first = p.text(f, mutex), call, s
			found.base = found.mutex
			if selector, ok := mutex.(*ast.SelectorExpr); ok {
				found.base = p.text(f, selector.X)
			}
			found.rw = strings.Contains(p.callee(call), "RWMutex")
		case found.lock != nil && found.unlock == nil && p.text(f, mutex) == found.mutex:
			found.unlock, found.last, found.deferred = call, s, deferred
		}
	}
	if calls != 2 || found.unlock == nil {
		return nil
	}
	return found
}

// touched gives the fields of base that are maps and that the function uses between lock and unlock.
func (p *pkg) touched(f *file, fn *ast.FuncDecl, locked *pair, kinds ...useKind) []types.Object {
	var found []types.Object
	end := fn.End()
	if !locked.deferred {
		end = locked.last.Pos()
	}
	for o, uses := range p.facts.uses {
		if !isType[*types.Map](o.Type()) {
			continue
		}
		for _, u := range uses {
			selector, ok := u.node.(*ast.SelectorExpr)
			if !ok || u.fn != fn || p.text(f, selector.X) != locked.base || !hasKind(u.kind, kinds) {
				continue
			}
			if locked.first.Pos() < u.node.Pos() && u.node.Pos() < end {
				found = append(found, o)
				break
			}
		}
	}
	return found
}

func hasKind(kind useKind, kinds []useKind) bool {
	for _, one := range kinds {
		if one == kind {
			return true
		}
	}
	return false
}

// guardedElsewhere says whether at least two other methods lock the mutex of that name for a field, nobody uses it
// without, and somebody writes.
func (p *pkg) guardedElsewhere(o types.Object, fn *ast.FuncDecl, locked *pair) bool {
	name := locked.mutex[strings.LastIndex(locked.mutex, ".")+1:]
	methods, writes := map[*ast.FuncDecl]bool{}, 0
	for _, u := range p.facts.uses[o] {
		if u.kind == useWrite || u.kind == useDelete {
			writes++
		}
		if _, literal := u.stmt.(*ast.KeyValueExpr); u.fn == fn || literal || u.kind == useAssign {
			continue
		}
		if u.fn == nil {
			return false
		}
		guarded := strings.HasSuffix(u.fn.Name.Name, "Locked")
		find(u.fn, func(call *ast.CallExpr) {
			mutex, method := p.mutexCall(call)
			guarded = guarded || (method != "" && lastName(mutex) == name)
		})
		if !guarded {
			return false
		}
		methods[u.fn] = true
	}
	return len(methods) >= 2 && writes > 0
}

func lastName(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// lockedMethods visits the methods whose lock guards a map that other methods lock for too.
func lockedMethods(p *pkg, f *file, visit func(*ast.FuncDecl, *pair)) {
	for _, decl := range f.tree.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Recv == nil {
			continue
		}
		locked := p.pairOf(f, fn)
		if locked == nil {
			continue
		}
		for _, o := range p.touched(f, fn, locked, useRead, useWrite, useDelete) {
			if p.guardedElsewhere(o, fn, locked) {
				visit(fn, locked)
				break
			}
		}
	}
}

func dropLockPair(p *pkg, f *file) (found []site) {
	lockedMethods(p, f, func(_ *ast.FuncDecl, locked *pair) {
		found = append(found, site{at: locked.first, edits: []edit{p.drop(f, locked.first), p.drop(f, locked.last)}})
	})
	return found
}

func undeferUnlock(p *pkg, f *file) (found []site) {
	lockedMethods(p, f, func(_ *ast.FuncDecl, locked *pair) {
		if locked.deferred {
			found = append(found, site{at: locked.last, edits: []edit{p.put(f, locked.last, p.text(f, locked.unlock))}})
		}
	})
	return found
}

func lockToRLock(p *pkg, f *file) (found []site) {
	for _, decl := range f.tree.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		locked := p.pairOf(f, fn)
		if locked == nil || !locked.rw || !strings.HasSuffix(p.text(f, locked.lock.Fun), ".Lock") ||
			len(p.touched(f, fn, locked, useWrite, useDelete)) == 0 {
			continue
		}
		found = append(found, site{at: locked.first, edits: []edit{
			p.put(f, locked.lock.Fun, locked.mutex+".RLock"), p.put(f, locked.unlock.Fun, locked.mutex+".RUnlock")}})
	}
	return found
}

func returnGuarded(p *pkg, f *file) (found []site) {
	for _, decl := range f.tree.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		locked := p.pairOf(f, fn)
		if locked == nil || fn.Type.Results == nil {
			continue
		}
		find(fn.Body, func(result *ast.ReturnStmt) {
			for _, e := range result.Results {
				if from := p.cloned(e); from != nil && p.isField(f, from, locked.base) {
					found = append(found, site{at: result, edits: []edit{p.put(f, e, p.text(f, from))}})
				}
			}
		})
		list := fn.Body.List
		for i := range list {
			_, from, o := p.defined(list[i])
			if o == nil {
				continue
			}
			for _, later := range list[i+1:] {
				copied := p.copied(f, later, o)
				if copied != nil && p.isField(f, copied, locked.base) && types.Identical(p.typeOf(copied), o.Type()) {
					found = append(found, site{at: list[i], edits: []edit{
						p.put(f, from, p.text(f, copied)), p.drop(f, later)}})
					break
				}
			}
		}
	}
	return found
}

// isField says whether e is a field of base that changes while others may look at it.
func (p *pkg) isField(f *file, e ast.Expr, base string) bool {
	selector, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok && p.text(f, selector.X) == base && p.changesInPlace(p.object(selector))
}

// changesInPlace says whether somebody who got the field before would see it change: an append behind its end does
// not count.
func (p *pkg) changesInPlace(o types.Object) bool {
	for _, u := range p.facts.uses[o] {
		if u.kind == useWrite || u.kind == useDelete {
			return true
		}
		if cut, ok := u.stmt.(*ast.SliceExpr); ok {
			if call, ok := p.isCall(u.f.parents[cut], "append"); ok && call.Args[0] == ast.Expr(cut) {
				return true
			}
		}
	}
	return false
}

// cloned is x of maps.Clone(x), slices.Clone(x), bytes.Clone(x) and append([]T(nil), x...).
func (p *pkg) cloned(e ast.Expr) ast.Expr {
	if call, ok := p.isCall(e, "maps.Clone", "slices.Clone", "bytes.Clone", "strings.Clone"); ok {
		return call.Args[0]
	}
	call, ok := p.isCall(e, "append")
	if !ok || len(call.Args) != 2 || !call.Ellipsis.IsValid() || isType[*types.Basic](p.typeOf(call.Args[1])) {
		return nil
	}
	switch base := ast.Unparen(call.Args[0]).(type) {
	case *ast.CompositeLit:
		if len(base.Elts) == 0 {
			return call.Args[1]
		}
	case *ast.CallExpr: // []T(nil), make([]T, 0, n)
		if p.info.Types[base.Fun].IsType() && p.info.Types[base.Args[0]].IsNil() {
			return call.Args[1]
		}
		if _, ok := p.isCall(base, "make"); ok && len(base.Args) == 3 {
			return call.Args[1]
		}
	}
	return nil
}

// copied is x when a statement copies all of x to o: copy(o, x), or a loop that assigns each element.
func (p *pkg) copied(f *file, s ast.Stmt, o types.Object) ast.Expr {
	if call, ok := p.isCall(s, "copy"); ok && p.object(call.Args[0]) == o {
		return call.Args[1]
	}
	if call, ok := p.isCall(s, "maps.Copy"); ok && p.object(call.Args[0]) == o {
		return call.Args[1]
	}
	loop, ok := s.(*ast.RangeStmt)
	if !ok || loop.Value == nil || len(loop.Body.List) != 1 {
		return nil
	}
	assign, ok := loop.Body.List[0].(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 {
		return nil
	}
	value := p.text(f, loop.Value)
	if index, ok := assign.Lhs[0].(*ast.IndexExpr); ok && p.object(index.X) == o && p.text(f, assign.Rhs[0]) == value {
		return loop.X
	}
	if call, ok := p.isCall(assign.Rhs[0], "append"); ok && p.object(assign.Lhs[0]) == o && len(call.Args) == 2 &&
		p.text(f, call.Args[1]) == value {
		return loop.X
	}
	return nil
}
