package module

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// TestErrorTypesAreDocumented: each type of an error stands in the type file,
// where editors find it, and on the page of scripts.
func TestErrorTypesAreDocumented(t *testing.T) {
	t.Parallel()
	source, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	ast.Inspect(source, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "Err") {
			types = append(types, strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`))
		}
		return true
	})
	if len(types) < 10 {
		t.Fatalf("got only %q", types)
	}
	for file, quote := range map[string]string{"../../stdlib/meta/bot.lua": `"`, "../../docs/scripting.md": "`"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range types {
			if !strings.Contains(string(text), quote+typ+quote) {
				t.Errorf("%s lacks %s", file, typ)
			}
		}
	}
}
