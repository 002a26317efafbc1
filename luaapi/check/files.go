package check

import (
	"io/fs"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// Needs are the files that a script needs.
type Needs struct {
	// Files are the script and every file below its folder that it requires by a
	// written name, the script first.
	Files []string
	// Mistakes are files that do not compile, and modules that are not there.
	Mistakes []Finding
	// Computed are calls of require whose module is not known before they run.
	Computed []Finding
}

// Files tells what a script in a folder needs. The error is for what cannot be
// read at all.
func Files(folder fs.FS, name string, o Options) (Needs, error) {
	s := newSession(folder, o)
	s.lua = lua51.New(lua51.Options{})
	defer s.lua.Close()
	if err := s.file(name); err != nil {
		return Needs{}, err
	}
	n := Needs{Mistakes: s.findings}
	for _, f := range s.files {
		n.Files = append(n.Files, f.name)
		for _, at := range computedRequires(f.block) {
			n.Computed = append(n.Computed, Finding{f.name, at.line, at.column, "the name of the module is computed"})
		}
	}
	return n, nil
}

// computedRequires are the places where require gets no written name.
func computedRequires(block []stat) (places []pos) {
	walk(block, func(e expr) {
		call, ok := e.(*callExpr)
		if !ok || call.method != "" || len(call.args) == 0 {
			return
		}
		fn, isName := call.fn.(*nameExpr)
		if arg, written := call.args[0].(*literalExpr); isName && fn.name == "require" && (!written || arg.kind != "string") {
			places = append(places, fn.at())
		}
	}, func(assignStat) {})
	return places
}
