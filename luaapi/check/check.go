package check

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
	"github.com/simplex-lua/simplex-lua/luaapi/luadoc"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Finding is one mistake.
type Finding struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"` // counts bytes from 1
	Message string `json:"message"`
}

// String writes it as editors read it: file:line:column: message.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
}

// Options say what scripts can use.
type Options struct {
	// Stdlib holds the modules of the executable, and their types in meta.
	Stdlib fs.FS
	// Modules are the names of modules that are not files of Stdlib.
	Modules []string
}

// Script checks a script in a folder and every file below it that it requires.
// name is its path in the folder and in findings. The error is for what cannot
// be read at all.
func Script(folder fs.FS, name string, o Options) ([]Finding, error) {
	doc, err := luadoc.Read(o.Stdlib, "meta", ".")
	if err != nil {
		return nil, err
	}
	s := newSession(folder, o)
	s.doc = doc
	s.lua = lua51.New(lua51.Options{})
	defer s.lua.Close()
	if err := s.file(name); err != nil {
		return nil, err
	}
	s.checkFiles()
	slices.SortStableFunc(s.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(s.findings), nil
}

// session is the check of one script with its files.
type session struct {
	options  Options
	folder   fs.FS
	doc      *luadoc.Doc
	lua      *lua51.State
	globals  map[string]bool // assigned somewhere
	begun    map[string]bool // those that an assignment sets that does not read them
	fields   map[string]bool // names that are set in some table
	done     map[string]bool
	files    []*parsed
	findings []Finding
}

func newSession(folder fs.FS, o Options) *session {
	return &session{options: o, folder: folder, globals: map[string]bool{}, begun: map[string]bool{}, fields: map[string]bool{}, done: map[string]bool{}}
}

type parsed struct {
	name  string
	block []stat
}

// file compiles and parses a file and those that it requires.
func (s *session) file(name string) error {
	if s.done[name] {
		return nil
	}
	s.done[name] = true
	text, err := fs.ReadFile(s.folder, name)
	if err != nil {
		return err
	}
	_, err = s.lua.Compile(name, text)
	var bad *lua51.SyntaxError
	if errors.As(err, &bad) {
		s.add(name, pos{bad.Line, max(bad.Column, 1)}, "%s", bad.Text())
		return nil
	}
	if err != nil {
		return err
	}
	block, err := parse(string(text))
	if err != nil {
		return fmt.Errorf("%s:%w", name, err)
	}
	s.files = append(s.files, &parsed{name, block})
	for _, a := range assignedNames(block) {
		s.globals[a] = true
	}
	for _, a := range begunNames(block) {
		s.begun[a] = true
	}
	for _, f := range assignedFields(block) {
		s.fields[f] = true
	}
	for _, call := range requires(block) {
		if module := call.args[0].(*literalExpr); s.findModule(module.text) == "" && !s.isModule(module.text) {
			s.add(name, module.pos, "no module %q%s", module.text, nearest.Hint(module.text, s.moduleNames()))
		} else if file := s.findModule(module.text); file != "" {
			if err := s.file(file); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *session) add(file string, at pos, format string, args ...any) {
	s.findings = append(s.findings, Finding{file, at.line, at.column, fmt.Sprintf(format, args...)})
}

// isModule tells whether the executable has a module.
func (s *session) isModule(name string) bool { return slices.Contains(s.moduleNames(), name) }

func (s *session) moduleNames() []string {
	names := slices.Clone(s.options.Modules)
	_ = fs.WalkDir(s.options.Stdlib, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".lua") && !strings.HasPrefix(p, "meta/") {
			p = strings.TrimSuffix(strings.TrimSuffix(p, ".lua"), "/init")
			names = append(names, strings.ReplaceAll(p, "/", "."))
		}
		return nil
	})
	return names
}

// findModule returns the file of a module below the script's folder, or "".
func (s *session) findModule(name string) string {
	base := strings.ReplaceAll(name, ".", "/")
	for _, file := range []string{base + ".lua", path.Join(base, "init.lua")} {
		if fs.ValidPath(file) && !s.isModule(name) {
			if st, err := fs.Stat(s.folder, file); err == nil && !st.IsDir() {
				return file
			}
		}
	}
	return ""
}

func (s *session) checkFiles() {
	libs := libraries(s.lua.L())
	for _, f := range s.files {
		c := &checker{session: s, file: f.name, libs: libs, assigned: map[string]bool{}}
		for _, name := range assignedNames(f.block) {
			c.assigned[name] = true
		}
		c.block(f.block)
	}
}

// libraries are the globals of Lua with the names in those that are tables.
func libraries(L *lua.LState) map[string][]string {
	libs := map[string][]string{"print": nil, "require": nil} // made by luaapi
	table.Each(L.G.Global, func(k, v lua.LValue) {
		var names []string
		if t, ok := v.(*lua.LTable); ok && k.String() != "_G" {
			table.Each(t, func(k, _ lua.LValue) { names = append(names, k.String()) })
		}
		libs[k.String()] = names
	})
	return libs
}

// walk calls visit with every expression and list of targets below a block.
func walk(block []stat, visit func(expr), assign func(assignStat)) {
	var inExpr func(e expr)
	exprs := func(list []expr) {
		for _, e := range list {
			inExpr(e)
		}
	}
	inExpr = func(e expr) {
		if e == nil {
			return
		}
		visit(e)
		switch e := e.(type) {
		case *indexExpr:
			inExpr(e.obj)
			inExpr(e.key)
		case *callExpr:
			inExpr(e.fn)
			exprs(e.args)
		case *functionExpr:
			walk(e.body, visit, assign)
		case *tableExpr:
			for _, it := range e.items {
				inExpr(it.key)
				inExpr(it.value)
			}
		case *opExpr:
			exprs(e.parts)
		}
	}
	for _, s := range block {
		switch s := s.(type) {
		case localStat:
			exprs(s.values)
		case assignStat:
			assign(s)
			exprs(s.targets)
			exprs(s.values)
		case callStat:
			inExpr(s.call)
		case blockStat:
			exprs(s.before)
			walk(s.body, visit, assign)
			exprs(s.after)
		case localFunctionStat:
			inExpr(s.fn)
		case returnStat:
			exprs(s.values)
		}
	}
}

// assignedNames are the plain names that are assigned to after their
// declaration, local or global.
func assignedNames(block []stat) []string {
	var names []string
	walk(block, func(expr) {}, func(s assignStat) {
		for _, t := range s.targets {
			if n, ok := t.(*nameExpr); ok {
				names = append(names, n.name)
			}
		}
	})
	return names
}

// begunNames are those of assignedNames that an assignment sets without reading
// them.
func begunNames(block []stat) []string {
	var names []string
	walk(block, func(expr) {}, func(s assignStat) {
		for _, t := range s.targets {
			n, ok := t.(*nameExpr)
			if ok && !slices.ContainsFunc(s.values, func(e expr) bool { return reads(e, n.name) }) {
				names = append(names, n.name)
			}
		}
	})
	return names
}

// reads tells whether an expression reads a variable when it is evaluated, other
// than in functions that it makes.
func reads(e expr, name string) bool {
	inside := func(e expr) bool { return reads(e, name) }
	switch e := e.(type) {
	case *nameExpr:
		return e.name == name
	case *indexExpr:
		return reads(e.obj, name) || reads(e.key, name)
	case *callExpr:
		return reads(e.fn, name) || slices.ContainsFunc(e.args, inside)
	case *tableExpr:
		return slices.ContainsFunc(e.items, func(it tableItem) bool { return reads(it.key, name) || reads(it.value, name) })
	case *opExpr:
		return slices.ContainsFunc(e.parts, inside)
	}
	return false
}

// assignedFields are the names that are set in tables, whichever.
func assignedFields(block []stat) []string {
	var names []string
	walk(block, func(expr) {}, func(s assignStat) {
		for _, t := range s.targets {
			if ix, ok := t.(*indexExpr); ok && ix.name != "" {
				names = append(names, ix.name)
			}
		}
	})
	return names
}

// requires are the calls of require with a written name.
func requires(block []stat) []*callExpr {
	var calls []*callExpr
	walk(block, func(e expr) {
		call, ok := e.(*callExpr)
		if !ok || len(call.args) == 0 {
			return
		}
		fn, isName := call.fn.(*nameExpr)
		if arg, isText := call.args[0].(*literalExpr); isName && fn.name == "require" && call.method == "" && isText && arg.kind == "string" {
			calls = append(calls, call)
		}
	}, func(assignStat) {})
	return calls
}

// Folder splits a script's path into what Script takes.
func Folder(script string) (dir, name string) {
	return filepath.Dir(script), filepath.ToSlash(filepath.Base(script))
}
