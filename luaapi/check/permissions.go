package check

import (
	"cmp"
	"io/fs"
	"slices"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// Use is a place in a script that needs a permission.
type Use struct {
	// Permission is net, listen, read, write, env, exec or core, as --allow takes
	// them; "never" is a command that no permission lets a script send.
	Permission string `json:"permission"`
	// Value is what stands in the script, in the form that --allow takes; "" where
	// it is not written out there.
	Value string `json:"value,omitempty"`
	// Function is what the script calls.
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"` // counts bytes from 1
}

// Permissions lists what a script, and the files below its folder that it
// requires, may need permissions for. It reads what is written in the script:
// a value made at run time is a Use without a Value, and a function that
// reaches a script by detours is not seen. The findings are as those of Files.
func Permissions(folder fs.FS, name string, o Options) (uses []Use, found []Finding, err error) {
	s := newSession(folder, o)
	s.lua = lua51.New(lua51.Options{})
	defer s.lua.Close()
	if err := s.file(name); err != nil {
		return nil, nil, err
	}
	for _, f := range s.files {
		r := &useReader{file: f.name, values: writtenValues(f.block)}
		walk(f.block, r.visit, func(assignStat) {})
		uses = append(uses, r.uses...)
	}
	slices.SortStableFunc(uses, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(uses), s.findings, nil
}

// Allow lists what to give to --allow so that the uses with a value work, each
// once, in the order of their kinds.
func Allow(uses []Use) []string {
	var entries []string
	for _, u := range uses {
		if u.Value != "" && u.Permission != never {
			entries = append(entries, u.Permission+"="+u.Value)
		}
	}
	slices.Sort(entries)
	return slices.Compact(entries)
}

// useReader finds the uses in one file.
type useReader struct {
	file   string
	values map[string]expr // of locals that are never assigned again
	uses   []Use
}

// writtenValues are the values of names that are given one exactly once in a
// file. Blocks are not told apart: a name with two values has none here.
func writtenValues(block []stat) map[string]expr {
	values := map[string]expr{}
	give := func(name string, v expr) {
		if _, twice := values[name]; twice {
			v = nil
		}
		values[name] = v
	}
	var in func(block []stat)
	in = func(block []stat) {
		for _, s := range block {
			switch s := s.(type) {
			case localStat:
				for i, n := range s.names {
					if i < len(s.values) {
						give(n.name, s.values[i])
					} else {
						give(n.name, nil)
					}
				}
			case localFunctionStat:
				give(s.name.name, nil)
			case blockStat:
				for _, n := range s.names {
					give(n.name, nil)
				}
				in(s.body)
			}
		}
	}
	in(block)
	walk(block, func(e expr) {
		if f, ok := e.(*functionExpr); ok {
			for _, p := range f.params {
				give(p.name, nil)
			}
			in(f.body)
		}
	}, func(assignStat) {})
	for _, name := range assignedNames(block) {
		values[name] = nil
	}
	return values
}

// value follows a name to what it stands for.
func (r *useReader) value(e expr) expr {
	for range 10 { // a name may stand for a name
		n, ok := e.(*nameExpr)
		if !ok || r.values[n.name] == nil {
			return e
		}
		e = r.values[n.name]
	}
	return e
}

// path is what a function is called in the documentation: http.get, bot.send.
func (r *useReader) path(e expr) string {
	switch e := r.value(e).(type) {
	case *nameExpr:
		if _, local := r.values[e.name]; local {
			return ""
		}
		return e.name
	case *indexExpr:
		if obj := r.path(e.obj); obj != "" && e.name != "" {
			return obj + "." + e.name
		}
	case *callExpr:
		fn, ok := e.fn.(*nameExpr)
		if ok && fn.name == "require" && e.method == "" && len(e.args) > 0 {
			if name, known := r.text(e.args[0]); known {
				return name
			}
		}
	}
	return ""
}

// text is a string that is written out.
func (r *useReader) text(e expr) (string, bool) {
	l, ok := r.value(e).(*literalExpr)
	if !ok || l.kind != "string" {
		return "", false
	}
	return l.text, true
}

// field is the value of a written table's field; known is false where the table
// may have fields that are not written out.
func (r *useReader) field(e expr, name string) (v expr, known bool) {
	t, ok := r.value(e).(*tableExpr)
	if !ok {
		return nil, false
	}
	for _, it := range t.items {
		if it.name == name {
			return it.value, true
		}
	}
	return nil, true
}

// visit adds the uses of a call.
func (r *useReader) visit(e expr) {
	call, ok := e.(*callExpr)
	if !ok {
		return
	}
	if call.method != "" {
		if call.method == "download" && len(call.args) > 0 {
			r.use(call, "msg:download", rule{kind: "write", read: asPath}, call.args[0])
		}
		return
	}
	fn := r.path(call.fn)
	for _, rl := range rules[fn] {
		if rl.arg >= len(call.args) {
			continue
		}
		arg := call.args[rl.arg]
		if rl.field == "" {
			r.use(call, fn, rl, arg)
			continue
		}
		v, known := r.field(arg, rl.field)
		switch {
		case v != nil:
			r.use(call, fn, rl, v)
		case !known && rl.needed:
			r.add(call, fn, rl.kind, "")
		}
	}
	if read := special[fn]; read != nil {
		read(r, call, fn)
	}
}

// use adds what a value needs: nothing where it is written out and inside.
func (r *useReader) use(call *callExpr, fn string, rl rule, v expr) {
	v = r.value(v)
	if op, ok := v.(*opExpr); ok { // "https://example.org/" .. id, given or "https://example.org"
		found := false
		for _, part := range op.parts {
			if text, known := r.text(part); known && rl.begins != nil && rl.begins(text) {
				found = true
				r.add(call, fn, rl.kind, rl.read(text))
			}
		}
		if found {
			return
		}
	}
	text, known := r.text(v)
	if _, options := v.(*tableExpr); !known && !options {
		r.add(call, fn, rl.kind, "")
	}
	if !known {
		return
	}
	if value := rl.read(text); value != "" {
		r.add(call, fn, rl.kind, value)
	}
}

func (r *useReader) add(call *callExpr, fn, kind, value string) {
	at := call.at()
	r.uses = append(r.uses, Use{kind, value, fn, r.file, at.line, at.column})
}
