package main

import (
	"fmt"
	"go/types"
	"strings"
)

// canonical writes a type as memsnap does: full package paths, aliases looked through, no names of parameters.
func canonical(t types.Type) string {
	var w writer
	w.typ(t)
	return w.String()
}

type writer struct{ strings.Builder }

func (w *writer) typ(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case nil:
		w.WriteString("invalid type")
	case *types.Basic:
		switch t.Kind() {
		case types.UnsafePointer:
			w.WriteString("unsafe.Pointer")
		case types.Uint8:
			w.WriteString("uint8")
		case types.Int32:
			w.WriteString("int32")
		default:
			w.WriteString(t.Name())
		}
	case *types.Pointer:
		w.WriteString("*")
		w.typ(t.Elem())
	case *types.Slice:
		w.WriteString("[]")
		w.typ(t.Elem())
	case *types.Array:
		fmt.Fprintf(w, "[%d]", t.Len())
		w.typ(t.Elem())
	case *types.Map:
		w.WriteString("map[")
		w.typ(t.Key())
		w.WriteString("]")
		w.typ(t.Elem())
	case *types.Chan:
		w.channel(t)
	case *types.TypeParam:
		w.WriteString(t.Obj().Name())
	case *types.Named:
		w.named(t)
	case *types.Signature:
		w.WriteString("func")
		w.signature(t)
	case *types.Tuple:
		w.tuple(t, false)
	case *types.Struct:
		w.structure(t)
	case *types.Interface:
		w.iface(t)
	case *types.Union:
		w.union(t)
	}
}

func (w *writer) channel(t *types.Chan) {
	w.WriteString([]string{"chan ", "chan<- ", "<-chan "}[t.Dir()])
	inner, ok := types.Unalias(t.Elem()).(*types.Chan)
	if ok && t.Dir() == types.SendRecv && inner.Dir() == types.RecvOnly {
		w.WriteString("(")
		w.typ(inner)
		w.WriteString(")")
		return
	}
	w.typ(t.Elem())
}

func (w *writer) named(t *types.Named) {
	if pkg := t.Obj().Pkg(); pkg != nil {
		w.WriteString(pkg.Path() + ".")
	}
	w.WriteString(t.Obj().Name())
	if args := t.TypeArgs(); args.Len() > 0 {
		w.WriteString("[")
		for i := range args.Len() {
			if i > 0 {
				w.WriteString(",")
			}
			w.typ(args.At(i))
		}
		w.WriteString("]")
	}
}

func (w *writer) tuple(t *types.Tuple, variadic bool) {
	w.WriteString("(")
	for i := range t.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		typ := t.At(i).Type()
		if variadic && i == t.Len()-1 {
			w.WriteString("...")
			if s, ok := typ.(*types.Slice); ok {
				typ = s.Elem()
			}
		}
		w.typ(typ)
	}
	w.WriteString(")")
}

func (w *writer) signature(t *types.Signature) {
	if params := t.TypeParams(); params.Len() > 0 {
		w.WriteString("[")
		for i := range params.Len() {
			if i > 0 {
				w.WriteString(", ")
			}
			w.typ(params.At(i))
			w.WriteString(" ")
			w.typ(params.At(i).Constraint())
		}
		w.WriteString("]")
	}
	w.tuple(t.Params(), t.Variadic())
	switch t.Results().Len() {
	case 0:
	case 1:
		w.WriteString(" ")
		w.typ(t.Results().At(0).Type())
	default:
		w.WriteString(" ")
		w.tuple(t.Results(), false)
	}
}

func (w *writer) structure(t *types.Struct) {
	w.WriteString("struct{")
	for i := range t.NumFields() {
		if i > 0 {
			w.WriteString("; ")
		}
		f := t.Field(i)
		if !f.Embedded() {
			w.WriteString(f.Name() + " ")
		}
		w.typ(f.Type())
		if tag := t.Tag(i); tag != "" {
			w.WriteString(" " + tag)
		}
	}
	w.WriteString("}")
}

func (w *writer) iface(t *types.Interface) {
	if t.NumExplicitMethods() == 0 && t.NumEmbeddeds() == 0 {
		w.WriteString("any")
		return
	}
	if t.NumExplicitMethods() == 0 && t.NumEmbeddeds() == 1 {
		if u, ok := t.EmbeddedType(0).(*types.Union); ok {
			w.union(u)
			return
		}
	}
	w.WriteString("interface{")
	first := true
	sep := func() {
		if !first {
			w.WriteString("; ")
		}
		first = false
	}
	for i := range t.NumExplicitMethods() {
		sep()
		m := t.ExplicitMethod(i)
		w.WriteString(m.Name())
		w.signature(m.Type().(*types.Signature))
	}
	for i := range t.NumEmbeddeds() {
		sep()
		w.typ(t.EmbeddedType(i))
	}
	w.WriteString("}")
}

func (w *writer) union(u *types.Union) {
	for i := range u.Len() {
		if i > 0 {
			w.WriteString(" | ")
		}
		if u.Term(i).Tilde() {
			w.WriteString("~")
		}
		w.typ(u.Term(i).Type())
	}
}
