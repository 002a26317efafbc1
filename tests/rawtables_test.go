package tests

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// instead names what looks into a table of gopher-lua without filling it first,
// and the function of package table that stands for it.
var instead = map[string]string{
	"RawGet": "table.Get", "RawGetH": "table.Get", "RawGetString": "table.Field", "RawGetInt": "table.At", "ForEach": "table.Each",
	"Len": "table.Len", "MaxN": "table.Len", "Next": "table.Next", "Metatable": "table.Meta", "GetMetatable": "table.Meta",
	"Insert": "table.Fill before it", "Remove": "table.Fill before it",
	"RawSet": "table.Fill before it", "RawSetH": "table.Fill before it", "RawSetString": "table.Fill before it",
	"RawSetInt": "table.Fill before it", "Append": "table.Fill before it",
}

// writes are those that need no filled table where the code has just made it: they
// count on what was somebody else's value.
var writes = []string{"RawSet", "RawSetH", "RawSetString", "RawSetInt", "Append"}

// gives are the functions that return an argument of a script.
var gives = []string{"CheckTable", "OptTable", "ToTable", "TableArg"}

// mayReadRaw are the files that use some of these on tables which they know to be
// filled: those that checkTable returns, and lists that they made themselves.
var mayReadRaw = map[string][]string{
	"luaapi/table/table.go":    {"RawGet", "RawGetString", "RawGetInt", "ForEach", "Len", "Next", "Metatable"},
	"luaapi/lua51/tablelib.go": {"RawGet", "RawGetInt", "ForEach", "Len", "Next", "Insert", "Remove"},
	"luaapi/lua51/iterate.go":  {"RawGet", "RawGetInt", "Len", "Next"},
	"luaapi/lua51/baselib.go":  {"GetMetatable"}, // of strings
	"luaapi/broadcast.go":      {"Remove"},
	"luaapi/statedata.go":      {"RawSet"}, // behind a walk through the table
}

// TestRawReads finds Go code that looks into a table past package table. Such
// code sees an empty table where a script has not touched it yet, and says nothing;
// what it writes there is lost.
func TestRawReads(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,GoFiles,Export,Imports", "./luaapi/...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	exports, checked := exportFiles{}, 0
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles, Imports        []string
	}
	var ours []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if strings.HasPrefix(p.ImportPath, module) && slices.Contains(p.Imports, gopherLua) {
			ours = append(ours, p)
		}
	}
	for _, p := range ours {
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range p.GoFiles {
			path := strings.TrimPrefix(p.ImportPath, module) + "/" + name
			src, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			file, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		reads, err := rawReads(fset, p.ImportPath, files, exports)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range reads {
			checked++
			if !slices.Contains(mayReadRaw[r.at.Filename], r.name) {
				t.Errorf("%s: %s sees an empty table where nothing has touched it yet; use %s", r.at, r.name, instead[r.name])
			}
		}
	}
	if len(ours) < 20 || checked < 10 {
		t.Errorf("got %d packages with %d raw reads: the test does not see them", len(ours), checked)
	}
}

const gopherLua = "github.com/yuin/gopher-lua"

// TestRawReadsAreSeen proves that TestRawReads can fail.
func TestRawReadsAreSeen(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", gopherLua)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	exports := exportFiles{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		exports[path] = file
	}
	for _, tt := range []struct{ code, name string }{
		{`_ = t.RawGetString("x")`, "RawGetString"}, {`_ = outer.LTable.RawGetInt(1)`, "RawGetInt"}, {`_ = outer.Len()`, "Len"},
		{`f := t.Next; f(lua.LNil)`, "Next"}, {`if mt := t.Metatable; mt != nil { }`, "Metatable"}, {`_ = L.RawGet(t, lua.LTrue)`, "RawGet"},
		{`L.ForEach(t, nil)`, "ForEach"}, {`_ = L.GetMetatable(t)`, "GetMetatable"}, {`L.CheckTable(1).RawSetInt(1, lua.LTrue)`, "RawSetInt"},
		{`x, ok := L.Get(1).(*lua.LTable); if ok { x.Append(lua.LTrue) }`, "Append"}, {`x := L.CheckTable(1); x.RawSet(lua.LTrue, lua.LTrue)`, "RawSet"},
		{`switch x := L.Get(1).(type) { case *lua.LTable: x.RawSetString("x", lua.LTrue) }`, "RawSetString"},
		{`x := L.NewTable(); x.Append(lua.LTrue)`, ""}, {`_ = L.Get(1).(*lua.LTable).Remove(1)`, "Remove"},
		{`L.Remove(1)`, ""}, {`t.Metatable = lua.LNil`, ""}, {`t.RawSetString("x", lua.LTrue)`, ""}, {`_ = u.Metatable`, ""}, {`L.Insert(t, 1)`, ""},
	} {
		src := fmt.Sprintf("package p\nimport lua %q\nfunc _(L *lua.LState, t *lua.LTable, u *lua.LUserData, outer struct{*lua.LTable}) { %s }", gopherLua, tt.code)
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		reads, err := rawReads(fset, "p", []*ast.File{file}, exports)
		if err != nil {
			t.Fatal(err)
		}
		name := ""
		if len(reads) > 0 {
			name = reads[0].name
		}
		if name != tt.name || len(reads) > 1 {
			t.Errorf("%s: got %v, want %q", tt.code, reads, tt.name)
		}
	}
}

// exportFiles are the files that the compiler wrote about packages, by path.
type exportFiles map[string]string

func (e exportFiles) open(path string) (io.ReadCloser, error) {
	if e[path] == "" {
		return nil, fmt.Errorf("nothing is known about package %s", path)
	}
	return os.Open(e[path])
}

type rawRead struct {
	at   token.Position
	name string
}

// rawReads finds in a package what looks into tables and stands in instead.
func rawReads(fset *token.FileSet, path string, files []*ast.File, exports exportFiles) (found []rawRead, err error) {
	info := types.Info{
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Defs:       map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{},
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", exports.open)}
	if _, err := config.Check(path, fset, files, &info); err != nil {
		return nil, err
	}
	written, given := assignments(files, &info)
	for expr, selection := range info.Selections {
		member := selection.Obj()
		if instead[member.Name()] == "" || written[expr] || member.Pkg() == nil || member.Pkg().Path() != gopherLua {
			continue
		}
		if slices.Contains(writes, member.Name()) && !given(expr.X) {
			continue
		}
		switch owner(selection) {
		case "LTable":
		case "LState":
			if name := member.Name(); name == "Insert" || name == "Remove" { // of its stack
				continue
			}
		default:
			continue
		}
		found = append(found, rawRead{fset.Position(expr.Sel.Pos()), member.Name()})
	}
	return found, nil
}

// assignments tells which expressions are assigned to, and which stand for a value
// of unknown origin: a type assertion, what a function of gives returns, and
// variables that began as one of them.
func assignments(files []*ast.File, info *types.Info) (written map[ast.Expr]bool, given func(ast.Expr) bool) {
	written = map[ast.Expr]bool{}
	origin := map[types.Object]ast.Expr{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok {
				return true
			}
			for i, target := range a.Lhs {
				written[target] = true
				if id, ok := target.(*ast.Ident); ok && info.Defs[id] != nil {
					origin[info.Defs[id]] = a.Rhs[min(i, len(a.Rhs)-1)]
				}
			}
			return true
		})
	}
	for clause, variable := range info.Implicits {
		if _, ok := clause.(*ast.CaseClause); ok { // of a type switch
			origin[variable] = &ast.TypeAssertExpr{}
		}
	}
	given = func(x ast.Expr) bool {
		switch x := x.(type) {
		case *ast.TypeAssertExpr:
			return true
		case *ast.CallExpr:
			f, ok := x.Fun.(*ast.SelectorExpr)
			return ok && slices.Contains(gives, f.Sel.Name)
		case *ast.Ident:
			began, ok := origin[info.Uses[x]]
			return ok && given(began)
		}
		return false
	}
	return written, given
}

// owner names the type that a method or field was declared for, behind whatever
// it is embedded in.
func owner(s *types.Selection) string {
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		t = field(t, i).Type()
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// field returns a field of a struct or of what a pointer to one points at.
func field(t types.Type, i int) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying().(*types.Struct).Field(i)
}
