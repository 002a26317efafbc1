package tests

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/simplex-lua/simplex-lua/"

// mayImport says which of our packages a package may import; everything else
// of ours is forbidden. A name that ends in /... stands for all packages below.
var mayImport = map[string][]string{
	"cmd/simplex-lua":        {"host", "internal/atomicfile", "internal/ops", "internal/ops/...", "luaapi", "luaapi/check", "luaapi/luadoc", "luaapi/permission", "stdlib", "native", "internal/bottest", "internal/devchat", "internal/devchat/lineedit", "internal/chat", "internal/chat/api", "internal/bundle", "internal/config", "internal/remote", "internal/sim", "internal/linewriter", "internal/nearest", "internal/tuning"},
	"host":                   {"host/lanes", "host/listen", "host/watch", "internal/atomicfile", "internal/loglimit", "internal/ops/redact", "luaapi", "luaapi/module", "luaapi/permission", "stdlib", "native", "internal/chat", "internal/sim"},
	"host/lanes":             {"internal/chat", "internal/loglimit"},
	"host/listen":            {"luaapi/module"},
	"host/watch":             {},
	"luaapi":                 {"luaapi/luaconv", "luaapi/lua51", "luaapi/module", "luaapi/modules/...", "luaapi/permission", "luaapi/table", "internal/atomicfile", "internal/chat", "internal/chat/api", "internal/chat/syntax", "internal/picture", "internal/nearest"},
	"luaapi/module":          {"luaapi/luaconv", "luaapi/permission", "luaapi/table"},
	"luaapi/modules":         {"internal/atomicfile", "luaapi/luaconv", "luaapi/module", "luaapi/modules/...", "luaapi/permission", "luaapi/table", "internal/picture"},
	"luaapi/modules/modtest": {"luaapi", "luaapi/permission", "stdlib"},
	"luaapi/permission":      {"internal/chat", "internal/chat/syntax"},
	"luaapi/luaconv":         {"luaapi/table", "internal/jsonscan"},
	"luaapi/lua51":           {"luaapi/lua51/...", "luaapi/table", "internal/nearest"},
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
	"internal/chat/api":      {"internal/chat", "internal/nearest"},
	"internal/chat/syntax":   {},
	"internal/chat/coretest": {"internal/chat"},
	"internal/devchat":       {"host", "luaapi", "internal/chat", "internal/sim"},
	"internal/config":        {"luaapi", "luaapi/modules/store/postgres", "luaapi/permission", "internal/nearest"},
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
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		allowed, known := allowedFor(name)
		if !known {
			t.Errorf("package %s stands in no row of mayImport", name)
		}
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, module); ok && !matches(allowed, ours) {
				t.Errorf("%s imports %s, which the package map forbids", name, ours)
			}
			for library, importers := range onlyImporter {
				if (imported == library || strings.HasPrefix(imported, library+"/")) && !belowAny(importers, name) {
					t.Errorf("%s imports %s; only %s may", name, imported, strings.Join(importers, ", "))
				}
			}
		}
	}
}

// TestImportRules proves that the rules above can fail.
func TestImportRules(t *testing.T) {
	t.Parallel()
	for _, edge := range [][2]string{
		{"native", "internal/chat"}, {"internal/chat", "luaapi"}, {"luaapi", "host"}, {"luaapi", "native"}, {"luaapi", "internal/sim"},
	} {
		if allowed, _ := allowedFor(edge[0]); matches(allowed, edge[1]) {
			t.Errorf("%s may import %s, but must not", edge[0], edge[1])
		}
	}
	if belowAny(onlyImporter["unsafe"], "luaapi") {
		t.Error("luaapi may import unsafe, but must not")
	}
}

func allowedFor(name string) ([]string, bool) {
	if allowed, ok := mayImport[name]; ok {
		return allowed, true
	}
	// A package inside another one of the map follows its rules.
	for parent := name; strings.Contains(parent, "/"); {
		parent = parent[:strings.LastIndex(parent, "/")]
		if allowed, ok := mayImport[parent]; ok && parent != "internal" {
			return allowed, true
		}
	}
	return nil, false
}

func matches(allowed []string, name string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		prefix, below := strings.CutSuffix(a, "/...")
		return a == name || below && strings.HasPrefix(name, prefix+"/")
	})
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
