package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/net/http/httpguts"

	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// ParseURL reads the address of a request and refuses one without a host or
// with another scheme.
func ParseURL(text string, schemes ...string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the url cannot be read: %w", err.(*url.Error).Err) // without the url, which may hold secrets
	case !slices.Contains(schemes, u.Scheme):
		return nil, fmt.Errorf("want a url that begins with %s://, got the scheme %q", strings.Join(schemes, ":// or "), u.Scheme)
	case u.Hostname() == "":
		return nil, errors.New("the url has no host")
	}
	return u, nil
}

// framing are the headers that say where a message ends, which is not for
// scripts to say.
var framing = []string{"Connection", "Content-Length", "Host", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// ReadHeaders makes headers of what a script gives: texts and numbers, or lists
// of them, by name. Names and values that could begin another header are errors.
func ReadHeaders(from map[string]lua.LValue) (http.Header, error) {
	values, err := ReadValues(from)
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	for name, list := range values {
		canonical := textproto.CanonicalMIMEHeaderKey(name)
		switch {
		case !httpguts.ValidHeaderFieldName(name):
			return nil, fmt.Errorf("%q cannot be a header's name", name)
		case slices.Contains(framing, canonical):
			return nil, fmt.Errorf("the header %s cannot be set", canonical)
		}
		for _, v := range list {
			if !httpguts.ValidHeaderFieldValue(v) {
				return nil, fmt.Errorf("the value of the header %s has characters that no header may have", canonical)
			}
			h.Add(canonical, v)
		}
	}
	return h, nil
}

// ReadValues makes lists of texts of what a script gives by name: a text, a
// number, true or false, or a list of them.
func ReadValues(from map[string]lua.LValue) (url.Values, error) {
	values := url.Values{}
	for name, v := range from {
		list, isList := v.(*lua.LTable)
		if !isList {
			text, ok := plain(v)
			if !ok {
				return nil, fmt.Errorf("%s: want a text or a number, got a %s", name, v.Type())
			}
			values.Add(name, text)
			continue
		}
		for i := 1; i <= table.Len(list); i++ {
			text, ok := plain(table.At(list, i))
			if !ok {
				return nil, fmt.Errorf("%s[%d]: want a text or a number, got a %s", name, i, table.At(list, i).Type())
			}
			values.Add(name, text)
		}
	}
	return values, nil
}

func plain(v lua.LValue) (string, bool) {
	switch v.(type) {
	case lua.LString, lua.LNumber, lua.LBool:
		return v.String(), true
	}
	return "", false
}

// HeaderMeta is the metatable of tables that HeaderTable makes: it finds a
// header whatever the case of its name is.
func HeaderMeta(L *lua.LState) *lua.LTable {
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		v := lua.LValue(lua.LNil)
		t, isTable := L.Get(1).(*lua.LTable)
		name, isName := L.Get(2).(lua.LString)
		if isTable && isName {
			v = table.Field(t, strings.ToLower(string(name)))
		}
		L.Push(v)
		return 1
	}))
	return mt
}

// HeaderTable shows headers to a script: by their names in lower case, several
// values joined with commas.
func HeaderTable(L *lua.LState, meta *lua.LTable, h http.Header) *lua.LTable {
	t := L.CreateTable(0, len(h))
	for name, values := range h {
		t.RawSetString(strings.ToLower(name), lua.LString(strings.Join(values, ", ")))
	}
	t.Metatable = meta
	return t
}
