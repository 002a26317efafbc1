package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/simplex-lua/simplex-lua/"

// mayImport says which of our packages a package may import; everything else
// of ours is forbidden, and what no package imports does not stand here. A name
// that ends in /... stands for all packages below.
var mayImport = map[string][]string{
	"cmd/simplex-lua": {
		"host", "internal/atomicfile", "internal/ops", "internal/ops/...", "luaapi", "luaapi/check", "luaapi/luadoc",
		"luaapi/permission", "stdlib", "native", "internal/bottest", "internal/devchat", "internal/devchat/lineedit",
		"internal/chat", "internal/chat/api", "internal/bundle", "internal/config", "internal/remote", "internal/sim",
		"internal/linewriter", "internal/nearest", "internal/tuning",
	},
	"host": {
		"host/lanes", "host/listen", "host/watch", "internal/atomicfile", "internal/loglimit", "internal/ops/redact",
		"luaapi", "luaapi/permission", "native", "internal/chat",
	},
	"host/lanes":  {"internal/chat", "internal/loglimit"},
	"host/listen": {"luaapi/module"},
	"host/watch":  {},
	"luaapi": {
		"luaapi/luaconv", "luaapi/lua51", "luaapi/module", "luaapi/modules/...", "luaapi/permission", "luaapi/postgres",
		"luaapi/table", "internal/atomicfile", "internal/chat", "internal/chat/api", "internal/picture", "internal/nearest",
	},
	"luaapi/module": {"luaapi/luaconv", "luaapi/permission", "luaapi/table"},
	"luaapi/modules": {
		"internal/atomicfile", "luaapi/luaconv", "luaapi/module", "luaapi/modules/...", "luaapi/permission",
		"luaapi/postgres", "luaapi/table", "internal/picture",
	},
	"luaapi/modules/modtest": {"luaapi", "luaapi/permission", "stdlib"},
	"luaapi/permission":      {"internal/chat", "internal/chat/syntax"},
	"luaapi/luaconv":         {"luaapi/table", "internal/jsonscan"},
	"luaapi/lua51":           {"luaapi/lua51/...", "luaapi/table", "internal/nearest"},
	"luaapi/postgres":        {"luaapi/module", "luaapi/permission"},
	"luaapi/table":           {},
	"luaapi/lua51/difftest":  {"luaapi/lua51"},
	"luaapi/luadoc":          {},
	"luaapi/check":           {"luaapi/lua51", "luaapi/lua51/scan", "luaapi/luadoc", "luaapi/permission", "luaapi/table", "internal/nearest"},
	"internal/chat":          {"internal/jsonscan"},
	"internal/jsonscan":      {},
	"internal/linewriter":    {},
	"internal/loglimit":      {},
	"internal/nearest":       {},
	"internal/picture":       {},
	"internal/release":       {},
	"internal/apigen":        {"luaapi/luadoc"},
	"internal/wordgen":       {},
	"internal/chat/api":      {"internal/chat", "internal/nearest"},
	"internal/chat/syntax":   {},
	"internal/chat/coretest": {"internal/chat"},
	"internal/devchat":       {"host", "luaapi", "internal/chat", "internal/sim"},
	"internal/config":        {"luaapi", "luaapi/permission", "luaapi/postgres", "internal/nearest"},
	"internal/bottest":       {"host", "luaapi", "luaapi/permission", "internal/chat", "internal/sim"},
	"internal/remote":        {"internal/chat", "internal/jsonscan"},
	"internal/testkit":       {},
	"internal/tuning":        {"native"},
	"internal/sim":           {"internal/chat", "internal/chat/syntax"},
	"internal/ops":           {"internal/atomicfile", "internal/chat", "internal/linewriter", "internal/ops/..."},
	"internal/bundle":        {"internal/atomicfile"},
	"internal/atomicfile":    {},
	"native":                 {},
	"stdlib":                 {},
	"tests":                  {},
	"tests/simbot":           {"host", "internal/chat", "internal/sim", "internal/testkit", "luaapi", "luaapi/permission", "stdlib"},
}

// onlyImporter names the packages that alone may import a library.
var onlyImporter = map[string][]string{
	"github.com/ebitengine/purego": {"native"},
	"unsafe":                       {"native"},
	"github.com/yuin/gopher-lua":   {"luaapi"},
	"layeh.com/gopher-luar":        {"luaapi"},
	"github.com/urfave/cli/v2":     {"cmd/simplex-lua"},
	"github.com/fsnotify/fsnotify": {"host/watch"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
}

// TestImports holds the import graph against the tables above.
func TestImports(t *testing.T) {
	t.Parallel()
	list := listPackages(t)
	for _, problem := range importProblems(mayImport, list) {
		t.Error(problem)
	}
	for _, p := range list {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			for library, importers := range onlyImporter {
				if (imported == library || strings.HasPrefix(imported, library+"/")) && !belowAny(importers, name) {
					t.Errorf("%s imports %s; only %s may", name, imported, strings.Join(importers, ", "))
				}
			}
		}
	}
}

// importProblems tells what packages import and no row allows, and what rows allow
// and no package imports: the first who did would not be seen.
func importProblems(rows map[string][]string, list []goPackage) (problems []string) {
	unused := map[string][]string{}
	for row, allowed := range rows {
		unused[row] = slices.Clone(allowed)
	}
	governs := map[string]bool{}
	for _, p := range list {
		name := strings.TrimPrefix(p.ImportPath, module)
		row, known := rowOf(rows, name)
		if !known {
			problems = append(problems, fmt.Sprintf("package %s stands in no row of mayImport", name))
			continue
		}
		governs[row] = true
		for _, imported := range p.Imports {
			ours, ok := strings.CutPrefix(imported, module)
			if !ok {
				continue
			}
			if !matches(rows[row], ours) {
				problems = append(problems, fmt.Sprintf("%s imports %s, which the package map forbids", name, ours))
			}
			unused[row] = slices.DeleteFunc(unused[row], func(entry string) bool { return allows(entry, ours) })
		}
	}
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		if !governs[row] {
			problems = append(problems, fmt.Sprintf("mayImport has a row for %s, which no package follows", row))
		}
		for _, entry := range unused[row] {
			problems = append(problems, fmt.Sprintf("mayImport lets %s import %s, which it does not", row, entry))
		}
	}
	return problems
}

// TestImportRules proves that the rules above can fail.
func TestImportRules(t *testing.T) {
	t.Parallel()
	for _, edge := range [][2]string{
		{"native", "internal/chat"}, {"internal/chat", "luaapi"}, {"luaapi", "host"}, {"luaapi", "native"}, {"luaapi", "internal/sim"},
		{"host", "internal/sim"}, {"host/lanes", "luaapi"},
	} {
		row, _ := rowOf(mayImport, edge[0])
		if matches(mayImport[row], edge[1]) {
			t.Errorf("%s may import %s, but must not", edge[0], edge[1])
		}
	}
	if belowAny(onlyImporter["unsafe"], "luaapi") {
		t.Error("luaapi may import unsafe, but must not")
	}
	rows := map[string][]string{"a": {"b", "b/...", "c"}, "b": {}, "gone": {}}
	got := importProblems(rows, []goPackage{
		{ImportPath: module + "a", Imports: []string{"fmt", module + "b/x"}},
		{ImportPath: module + "a/below", Imports: []string{module + "b"}},
		{ImportPath: module + "b", Imports: []string{module + "a"}},
		{ImportPath: module + "new"},
	})
	want := []string{
		"b imports a, which the package map forbids",
		"package new stands in no row of mayImport",
		"mayImport lets a import c, which it does not",
		"mayImport has a row for gone, which no package follows",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// rowOf names the row that a package follows: its own, or that of the nearest
// package above it.
func rowOf(rows map[string][]string, name string) (row string, known bool) {
	for row = name; ; row = row[:strings.LastIndex(row, "/")] {
		if _, known = rows[row]; known || !strings.Contains(row, "/") {
			return row, known
		}
	}
}

func matches(row []string, name string) bool {
	return slices.ContainsFunc(row, func(entry string) bool { return allows(entry, name) })
}

// allows tells whether an entry of a row stands for that package.
func allows(entry, name string) bool {
	prefix, below := strings.CutSuffix(entry, "/...")
	return entry == name || below && strings.HasPrefix(name, prefix+"/")
}

func belowAny(parents []string, name string) bool {
	return slices.ContainsFunc(parents, func(p string) bool { return name == p || strings.HasPrefix(name, p+"/") })
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p goPackage
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	if len(list) < 8 {
		t.Fatalf("go list names only %d packages", len(list))
	}
	return list
}
