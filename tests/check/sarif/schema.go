// Package sarif holds what memsnap prints as SARIF against the schema of SARIF 2.1.0.
package sarif

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The schema is in the source of this module, as a constant that it keeps to itself.
const carrier = "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

var _ sarif.Report // keeps the module in go.mod

func schemaText() (string, error) {
	list := exec.Command("go", "list", "-f", "{{.Dir}}", carrier)
	dir, err := list.Output()
	if err != nil {
		return "", fmt.Errorf("go list %s: %w", carrier, err)
	}
	path := filepath.Join(strings.TrimSpace(string(dir)), "schema.go")
	tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	text := ""
	ast.Inspect(tree, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Names[0].Name == "schema" && len(spec.Values) == 1 {
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
				text, err = strconv.Unquote(literal.Value)
			}
		}
		return true
	})
	if text == "" && err == nil {
		err = fmt.Errorf("%s: no constant named schema", path)
	}
	return text, err
}

// compileSchema makes the official schema a judge that holds formats too: URIs, dates.
func compileSchema() (*jsonschema.Schema, error) {
	text, err := schemaText()
	if err != nil {
		return nil, err
	}
	tree, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	const name = "sarif-schema-2.1.0.json"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(name, tree); err != nil {
		return nil, err
	}
	return compiler.Compile(name)
}

func validate(schema *jsonschema.Schema, text []byte) error {
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(tree)
}
