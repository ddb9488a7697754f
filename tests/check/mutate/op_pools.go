package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

const poolPut = "(*sync.Pool).Put"

// putEarly drops the defer of a Put whose object is used below it, or lets a Put and the last use change places.
func putEarly(p *pkg, f *file) (found []site) {
	find(f.tree, func(call *ast.CallExpr) {
		if _, ok := p.isCall(call, poolPut); !ok {
			return
		}
		o := p.root(call.Args[0])
		if o == nil {
			return
		}
		switch s := f.parents[call].(type) {
		case *ast.DeferStmt:
			for _, later := range f.behind(s) {
				if len(p.uses(later, o)) > 0 {
					found = append(found, site{at: s, edits: []edit{p.put(f, s, p.text(f, call))}})
					return
				}
			}
		case *ast.ExprStmt:
			list := f.listOf(s)
			for i := 1; i < len(list); i++ {
				if list[i] == s && len(p.uses(list[i-1], o)) > 0 && movable(list[i-1]) {
					found = append(found, site{at: s, edits: []edit{
						p.put(f, list[i-1], p.text(f, s)), p.put(f, s, p.text(f, list[i-1]))}})
				}
			}
		}
	})
	return found
}

// movable statements stay what they are behind the next one.
func movable(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return true
	case *ast.AssignStmt:
		return len(s.Lhs) > 0
	}
	return false
}

// dropCapCheck drops the condition of if cap(b) < limit { pool.Put(b) }, or if cap(b) > limit { return } in front.
func dropCapCheck(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.IfStmt) {
		if s.Else != nil || s.Init != nil {
			return
		}
		puts := func(n ast.Node, operators ...token.Token) bool {
			does := false
			find(n, func(call *ast.CallExpr) {
				_, ok := p.isCall(call, poolPut)
				does = does || (ok && p.measures(s.Cond, p.root(call.Args[0]), operators...))
			})
			return does
		}
		if puts(s.Body, token.LSS, token.LEQ) {
			found = append(found, site{at: s, edits: []edit{p.replace(f, s.Pos(), s.Body.Lbrace, "")}})
			return
		}
		if len(s.Body.List) == 0 {
			return
		}
		if _, ok := s.Body.List[len(s.Body.List)-1].(*ast.ReturnStmt); !ok {
			return
		}
		for _, later := range f.behind(s) {
			if puts(later, token.GTR, token.GEQ) {
				found = append(found, site{at: s, edits: []edit{p.drop(f, s)}})
				return
			}
		}
	})
	return found
}

// measures says whether a condition compares the capacity or length of o by one of the operators, and not with zero.
func (p *pkg) measures(cond ast.Expr, o types.Object, operators ...token.Token) bool {
	compare, ok := cond.(*ast.BinaryExpr)
	if !ok || o == nil || !slices.Contains(operators, compare.Op) {
		return false
	}
	if limit := p.info.Types[compare.Y].Value; limit != nil && limit.String() == "0" {
		return false
	}
	does := false
	find(compare.X, func(call *ast.CallExpr) {
		switch name := p.callee(call); name {
		case "cap", "len":
			does = does || p.root(call.Args[0]) == o
		case "(*bytes.Buffer).Cap", "(*bytes.Buffer).Len", "(*strings.Builder).Cap":
			does = does || p.root(call.Fun) == o
		}
	})
	return does
}

func deferInLoop(p *pkg, f *file) (found []site) {
	find(f.tree, func(s *ast.ExprStmt) {
		call, ok := s.X.(*ast.CallExpr)
		if !ok || len(call.Args) > 0 {
			return
		}
		loop, body := f.loopAround(s)
		selector, isMethod := call.Fun.(*ast.SelectorExpr)
		if loop == nil || !isMethod || f.parents[s] != ast.Node(body) {
			return
		}
		_, mutex := p.mutexCall(call)
		root := p.root(selector.X)
		_, isVar := root.(*types.Var)
		opened := selector.Sel.Name == "Close" && isVar && body.Pos() <= root.Pos() && root.Pos() < body.End()
		if mutex == "Unlock" || mutex == "RUnlock" || opened {
			found = append(found, site{at: s, edits: []edit{p.put(f, s, "defer "+p.text(f, call))}})
		}
	})
	return found
}
