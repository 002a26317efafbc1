package url

import (
	"net"
	"net/url"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Module is require "url".
var Module = module.Module{Name: "url", Stability: module.Stable, Open: open}

func open(vm module.VM, L *lua.LState) lua.LValue {
	u := urls{vm}
	return vm.Table(L, "url", map[string]lua.LGFunction{
		"parse": u.parse, "build": u.build, "join": u.join,
		"escape": u.escape, "unescape": u.unescape, "query": u.query, "parse_query": u.parseQuery,
	}, nil)
}

type urls struct{ vm module.VM }

// read parses argument n.
func (u urls) read(L *lua.LState, n int, what string) *url.URL {
	parsed, err := url.Parse(module.String(u.vm, L, n, what))
	if err != nil {
		u.vm.Raise(L, module.Errorf(module.ErrData, "%s: %v", what, err))
	}
	return parsed
}

// parse is url.parse(text) → table.
func (u urls) parse(L *lua.LState) int {
	parsed := u.read(L, 1, "url.parse")
	t := L.NewTable()
	set := func(key, value string) {
		if value != "" {
			t.RawSetString(key, lua.LString(value))
		}
	}
	set("scheme", parsed.Scheme)
	set("host", parsed.Hostname())
	set("port", parsed.Port())
	set("user", parsed.User.Username())
	if password, ok := parsed.User.Password(); ok {
		t.RawSetString("password", lua.LString(password))
	}
	set("path", parsed.Path)
	set("opaque", parsed.Opaque)
	set("fragment", parsed.Fragment)
	query, err := url.ParseQuery(parsed.RawQuery)
	if err != nil {
		u.vm.Raise(L, module.Errorf(module.ErrData, "url.parse: the query: %v", err))
	}
	t.RawSetString("query", queryTable(L, query))
	L.Push(t)
	return 1
}

// parts are what url.build takes.
type parts struct {
	Scheme   string      `lua:"scheme"`
	Host     string      `lua:"host"`
	Port     lua.LValue  `lua:"port"`
	User     string      `lua:"user"`
	Password *string     `lua:"password"`
	Path     string      `lua:"path"`
	Opaque   string      `lua:"opaque"`
	Fragment string      `lua:"fragment"`
	Query    *lua.LTable `lua:"query"`
}

// build is url.build(table) → text.
func (u urls) build(L *lua.LState) int {
	var p parts
	u.vm.Options(L, 1, "url.build", &p)
	built := url.URL{Scheme: p.Scheme, Host: p.Host, Path: p.Path, Opaque: p.Opaque, Fragment: p.Fragment}
	if strings.Contains(p.Host, ":") {
		built.Host = "[" + strings.Trim(p.Host, "[]") + "]"
	}
	switch port := p.Port.(type) {
	case nil:
	case lua.LString, lua.LNumber:
		built.Host = net.JoinHostPort(strings.Trim(p.Host, "[]"), port.String())
	default:
		module.Argument(u.vm, L, "url.build.port: want a number, got %s", module.Describe(port))
	}
	switch {
	case p.Password != nil:
		built.User = url.UserPassword(p.User, *p.Password)
	case p.User != "":
		built.User = url.User(p.User)
	}
	if built.Host != "" && built.Path != "" && built.Path[0] != '/' {
		built.Path = "/" + built.Path
	}
	if p.Query != nil {
		built.RawQuery = u.values(L, p.Query, "url.build.query").Encode()
	}
	text := built.String()
	if again, err := url.Parse(text); err != nil || again.Host != built.Host || again.Path != built.Path {
		module.Argument(u.vm, L, "url.build: these parts make no address: %q", text)
	}
	L.Push(lua.LString(text))
	return 1
}

// join is url.join(base, reference): what a link on a page leads to.
func (u urls) join(L *lua.LState) int {
	L.Push(lua.LString(u.read(L, 1, "url.join: the base").ResolveReference(u.read(L, 2, "url.join")).String()))
	return 1
}

func (u urls) escape(L *lua.LState) int {
	// A space as %20 is right in paths and in queries.
	L.Push(lua.LString(strings.ReplaceAll(url.QueryEscape(module.String(u.vm, L, 1, "url.escape")), "+", "%20")))
	return 1
}

func (u urls) unescape(L *lua.LState) int {
	text, err := url.PathUnescape(module.String(u.vm, L, 1, "url.unescape"))
	if err != nil {
		u.vm.Raise(L, module.Errorf(module.ErrData, "url.unescape: %v", err))
	}
	L.Push(lua.LString(text))
	return 1
}

// query is url.query(table) → text; the keys are in order.
func (u urls) query(L *lua.LState) int {
	L.Push(lua.LString(u.values(L, module.TableArg(u.vm, L, 1, "url.query"), "url.query").Encode()))
	return 1
}

func (u urls) parseQuery(L *lua.LState) int {
	text := strings.TrimPrefix(module.String(u.vm, L, 1, "url.parse_query"), "?")
	query, err := url.ParseQuery(text)
	if err != nil {
		u.vm.Raise(L, module.Errorf(module.ErrData, "url.parse_query: %v", err))
	}
	L.Push(queryTable(L, query))
	return 1
}

// queryTable has a text for a key that is there once, a list for others.
func queryTable(L *lua.LState, query url.Values) *lua.LTable {
	t := L.NewTable()
	for key, values := range query {
		if len(values) == 1 {
			t.RawSetString(key, lua.LString(values[0]))
			continue
		}
		list := L.NewTable()
		for _, v := range values {
			list.Append(lua.LString(v))
		}
		t.RawSetString(key, list)
	}
	return t
}

// values is queryTable the other way round.
func (u urls) values(L *lua.LState, t *lua.LTable, what string) url.Values {
	values := url.Values{}
	table.Each(t, func(k, v lua.LValue) {
		all := []lua.LValue{v}
		if list, ok := v.(*lua.LTable); ok {
			all = slices.Collect(func(yield func(lua.LValue) bool) {
				for i := 1; i <= table.Len(list) && yield(table.At(list, i)); i++ {
				}
			})
		}
		for _, v := range all {
			switch v.Type() {
			case lua.LTString, lua.LTNumber, lua.LTBool:
				values.Add(k.String(), v.String())
			default:
				module.Argument(u.vm, L, "%s.%s: want a text or a number, got %s", what, k, module.Describe(v))
			}
		}
	})
	return values
}
