// Command gotypes compares the types that memsnap finds with those of go/types, site by site:
//
//	gotypes [-C folder] [-tests] [-show n] [-min share] [-wrong share] dump pattern...
//	gotypes -each [-show n] dump file...
//
// dump is what typedump printed for the same patterns. Packages come from go list; each is parsed and type-checked
// from source, dependencies without function bodies. With -each every file is a package of its own, and those that
// do not type-check are left out.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	goimporter "go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
)

type listed struct {
	ImportPath, Dir, Name, ForTest string
	GoFiles, CgoFiles              []string
	Imports                        []string
	ImportMap                      map[string]string
	DepOnly, Standard, Incomplete  bool
	Module                         *struct{ GoVersion string }
}

type site struct {
	file       string
	start, end int
	use        string
}

func list(folder string, tests bool, patterns []string) []*listed {
	if tests {
		patterns = append([]string{"-test"}, patterns...)
	}
	cmd := exec.Command("go", append([]string{"list", "-e", "-deps", "-json=ImportPath,Dir,Name,ForTest,GoFiles,CgoFiles,Imports,ImportMap,DepOnly,Standard,Incomplete,Module"}, patterns...)...)
	cmd.Dir = folder
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		log.Fatalf("go list: %v", err)
	}
	var all []*listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			return all
		} else if err != nil {
			log.Fatal(err)
		}
		all = append(all, p)
	}
}

type importer struct {
	done map[string]*types.Package
	from *listed
}

func (im importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped, ok := im.from.ImportMap[path]; ok {
		path = mapped
	}
	if p := im.done[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("no package %s", path)
}

// check type-checks one package and, when it was asked for, collects its sites.
func check(p *listed, done map[string]*types.Package, truth map[site]string) (errors int) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range append(append([]string{}, p.GoFiles...), p.CgoFiles...) {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			errors++
		}
		if f != nil {
			files = append(files, f)
		}
	}
	info := &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Uses:       map[*ast.Ident]types.Object{},
	}
	if p.DepOnly {
		info = nil
	}
	conf := types.Config{
		Importer:         importer{done, p},
		FakeImportC:      true,
		IgnoreFuncBodies: p.DepOnly,
		Error:            func(error) { errors++ },
		Sizes:            types.SizesFor("gc", build.Default.GOARCH),
	}
	if p.Module != nil && p.Module.GoVersion != "" {
		conf.GoVersion = "go" + p.Module.GoVersion
	}
	path, _, _ := strings.Cut(p.ImportPath, " ") // without [p.test]
	pkg, _ := conf.Check(path, fset, files, info)
	done[p.ImportPath] = pkg
	if info != nil {
		for _, f := range files {
			collect(fset, f, info, truth)
		}
	}
	return errors
}

// checkFiles type-checks files that are a package each.
func checkFiles(names []string, truth map[site]string) {
	fset := token.NewFileSet()
	source := goimporter.ForCompiler(fset, "source", nil)
	good := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			log.Fatal(err)
		}
		if strings.HasPrefix(string(text), "// -lang") {
			continue // an older language
		}
		f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		info := &types.Info{
			Types:      map[ast.Expr]types.TypeAndValue{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		}
		failed := false
		conf := types.Config{Importer: source, FakeImportC: true, Error: func(error) { failed = true },
			Sizes: types.SizesFor("gc", build.Default.GOARCH)}
		conf.Check(filepath.Dir(name), fset, []*ast.File{f}, info)
		if !failed {
			good++
			collect(fset, f, info, truth)
		}
	}
	fmt.Printf("%d of %d files type-check\n", good, len(names))
}

func collect(fset *token.FileSet, f *ast.File, info *types.Info, truth map[site]string) {
	name := fset.File(f.Package).Name()
	add := func(use string, e ast.Expr) {
		tv, ok := info.Types[e]
		if !ok {
			return
		}
		t := tv.Type
		if tuple, ok := t.(*types.Tuple); ok && use == "assign" && tuple.Len() > 0 {
			t = tuple.At(0).Type()
		}
		key := site{name, fset.Position(e.Pos()).Offset, fset.Position(e.End()).Offset, use}
		truth[key] = canonical(t)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IndexExpr:
			tv := info.Types[n.X]
			if _, isFunc := tv.Type.(*types.Signature); tv.IsValue() && !isFunc {
				add("index", n.X)
			}
		case *ast.SliceExpr:
			add("slice", n.X)
		case *ast.RangeStmt:
			add("range", n.X)
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if _, ok := lhs.(*ast.IndexExpr); ok {
					add("assign", lhs)
				}
			}
		case *ast.CallExpr:
			call(n, info, add)
		case *ast.SelectorExpr:
			if s := info.Selections[n]; s != nil {
				add("selector", n)
			}
		}
		return true
	})
}

func call(n *ast.CallExpr, info *types.Info, add func(string, ast.Expr)) {
	tv := info.Types[n.Fun]
	switch {
	case tv.IsType():
	case tv.IsBuiltin():
		if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && len(n.Args) > 0 {
			switch id.Name {
			case "append", "len", "cap", "delete", "clear", "copy":
				add(id.Name, n.Args[0])
			}
		}
	default:
		add("call", n.Fun)
	}
}

func kind(text string) string {
	switch {
	case strings.HasPrefix(text, "map["):
		return "map"
	case strings.HasPrefix(text, "[]"):
		return "slice"
	case strings.HasPrefix(text, "["):
		return "array"
	case strings.HasPrefix(text, "*"):
		return "pointer"
	case strings.HasPrefix(text, "func"):
		return "func"
	case strings.Contains(text, "chan"):
		return "chan"
	}
	return "other"
}

func main() {
	folder := flag.String("C", ".", "")
	tests := flag.Bool("tests", false, "")
	each := flag.Bool("each", false, "")
	show := flag.Int("show", 10, "how many differences to print")
	min := flag.Float64("min", 99.5, "fail below this share of equal types, in percent")
	most := flag.Float64("wrong", 0.05, "fail above this share of wrong types, in percent")
	flag.Parse()
	truth := map[site]string{}
	done := map[string]*types.Package{}
	errors := 0
	if *each {
		checkFiles(flag.Args()[1:], truth)
		os.Exit(compare(flag.Arg(0), truth, *show, *min, *most, errors))
	}
	for _, p := range list(*folder, *tests, flag.Args()[1:]) {
		if strings.HasSuffix(p.ImportPath, ".test") && p.Name == "main" {
			continue // the program that go test writes
		}
		if e := check(p, done, truth); !p.DepOnly {
			errors += e
		}
	}
	missing := compare(flag.Arg(0), truth, *show, *min, *most, errors)
	os.Exit(missing)
}

func compare(dump string, truth map[site]string, show int, min, most float64, errors int) int {
	file, err := os.Open(dump)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	ours := map[site]string{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		part := strings.SplitN(lines.Text(), "\t", 5)
		var s site
		s.file, s.use = part[0], part[3]
		fmt.Sscan(part[1], &s.start)
		fmt.Sscan(part[2], &s.end)
		ours[s] = part[4]
	}
	equal, unknown, wrong, invalid := 0, 0, 0, 0
	var different []string
	byUse := map[string]int{}
	for s, want := range truth {
		if strings.Contains(want, "invalid type") {
			invalid++
			continue
		}
		got, ok := ours[s]
		switch {
		case got == want:
			equal++
		case !ok || strings.Contains(got, "invalid type") || strings.Contains(got, "[...]"):
			unknown++
			byUse["unknown "+s.use]++
			different = append(different, fmt.Sprintf("%s:%d: %s unknown: %q, go/types %q", s.file, s.start, s.use, got, want))
		default:
			wrong++
			byUse["wrong "+s.use]++
			different = append(different, fmt.Sprintf("%s:%d: %s WRONG: %q, go/types %q", s.file, s.start, s.use, got, want))
		}
	}
	sort.Strings(different)
	step := len(different)/(show+1) + 1
	for i := 0; i < len(different) && show > 0; i += step {
		fmt.Println(different[i])
	}
	sites := equal + unknown + wrong
	if sites == 0 {
		log.Fatal("no sites")
	}
	percent := func(n int) float64 { return 100 * float64(n) / float64(sites) }
	fmt.Printf("sites %d, equal %.3f%%, unknown %d (%.3f%%), wrong %d (%.3f%%), without a type in go/types %d, go/types errors %d %v\n",
		sites, percent(equal), unknown, percent(unknown), wrong, percent(wrong), invalid, errors, byUse)
	if percent(equal) < min || percent(wrong) > most {
		return 1
	}
	return 0
}
