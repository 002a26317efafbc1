package bottest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// elsewhere are modules whose tests need two bots, or servers.
var elsewhere = map[string]string{
	"blob": "peers", "packet": "peers", "rpc": "peers", "wire": "peers",
}

// TestStdlib runs the tests of the modules written in Lua, each on a small bot
// that uses it. Every module has one.
func TestStdlib(t *testing.T) {
	t.Parallel()
	const dir = "../../tests/stdlib"
	results, _ := runAll(t, dir, Options{Parallel: 4, Grants: permission.Set{All: true}})
	for _, r := range results {
		if r.Err != nil {
			t.Errorf("%s: %s: %s\n%s", r.File, r.Name, Failure(r.Err), strings.Join(r.Log, "\n"))
		}
	}
	modules, err := filepath.Glob("../../stdlib/*.lua")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		name := strings.TrimSuffix(filepath.Base(m), ".lua")
		pattern := filepath.Join(dir, name+suffix)
		if folder := elsewhere[name]; folder != "" {
			pattern = filepath.Join("../../tests", folder, "*_test.go")
		}
		if tests, _ := filepath.Glob(pattern); len(tests) == 0 {
			t.Errorf("the module %s has no test in tests/stdlib", name)
		}
	}
}
