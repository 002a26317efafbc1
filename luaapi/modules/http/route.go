package httpmod

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/http/web"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// route is a function of the script that answers requests.
type route struct {
	server    *server
	name      string // "POST /hook at bot.lua:12"
	fn        *lua.LFunction
	params    []string
	signature *signature // nil where none is asked for
}

// ServeHTTP reads and checks the request and has the script answer it. What is
// wrong with a script is told to the operator, not to the client.
func (rt *route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o := rt.server.options
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, o.MaxSize))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		refuse(w, http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		refuse(w, http.StatusBadRequest)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	forget := func() {}
	if rt.signature != nil {
		if forget = rt.signature.verify(r.Header, body); forget == nil {
			refuse(w, http.StatusUnauthorized)
			return
		}
	}
	// The client may go; the work that it asked for is done all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), o.Timeout)
	defer cancel()
	a, began, err := rt.call(ctx, r, body)
	if err == nil && began {
		a.write(w)
		return
	}
	forget() // the sender may try again
	if errors.Is(err, errBusy) {
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusServiceUnavailable)
		return
	}
	if next := rt.server.listener.Current(); !began && next != http.Handler(rt.server) {
		r.Body = io.NopCloser(bytes.NewReader(body)) // it came when this generation ended
		next.ServeHTTP(w, r)
		return
	}
	refuse(w, http.StatusInternalServerError)
}

// errBusy tells that too many handlers ran for too long.
var errBusy = errors.New("too many requests are under way")

// call runs the function as a handler, when there is room for one. began is
// false where the generation has ended before, or another one has taken over:
// then nobody waits for what begins here.
func (rt *route) call(ctx context.Context, r *http.Request, body []byte) (a answer, began bool, err error) {
	select {
	case rt.server.running <- struct{}{}:
		defer func() { <-rt.server.running }()
	case <-ctx.Done():
		return a, false, errBusy
	}
	lib := rt.server.lib
	err = lib.vm.Call(ctx, rt.name, func(L *lua.LState) (*lua.LFunction, []lua.LValue) {
		if rt.server.listener.Current() != http.Handler(rt.server) {
			return L.NewFunction(func(*lua.LState) int { return 0 }), nil
		}
		began = true
		return rt.fn, []lua.LValue{rt.request(L, r, body)}
	}, func(_ *lua.LState, v lua.LValue) error {
		if !began {
			return nil
		}
		var err error
		if a, err = readAnswer(v); err != nil {
			return module.Errorf(module.ErrArgument, "%s: the answer: %v", rt.name, err)
		}
		return nil
	})
	return a, began, err
}

// request is what the function gets.
func (rt *route) request(L *lua.LState, r *http.Request, body []byte) *lua.LTable {
	lib, t := rt.server.lib, L.NewTable()
	params, query := L.NewTable(), L.NewTable()
	for _, name := range rt.params {
		params.RawSetString(name, lua.LString(r.PathValue(name)))
	}
	for name, values := range r.URL.Query() {
		query.RawSetString(name, lua.LString(values[0]))
	}
	t.RawSetString("method", lua.LString(r.Method))
	t.RawSetString("path", lua.LString(r.URL.Path))
	t.RawSetString("params", params)
	t.RawSetString("query", query)
	t.RawSetString("headers", web.HeaderTable(L, lib.headers, r.Header))
	t.RawSetString("host", lua.LString(r.Host))
	t.RawSetString("remote", lua.LString(remoteAddr(r).String()))
	t.RawSetString("body", lua.LString(body))
	t.RawSetString("json", lib.jsonOf(L, "the body of the request", t))
	return t
}

// answer is what a route returns.
type answer struct {
	status int
	header http.Header
	body   string
}

const (
	plainText = "text/plain; charset=utf-8"
	jsonText  = "application/json"
)

// readAnswer reads what a function returned: nothing, a text, a status, or a
// table of status, headers and body or json.
func readAnswer(v lua.LValue) (answer, error) {
	a := answer{status: http.StatusOK, header: http.Header{}}
	switch v := v.(type) {
	case *lua.LNilType:
		a.status = http.StatusNoContent
	case lua.LString:
		a.body = string(v)
		a.header.Set("Content-Type", plainText)
	case lua.LNumber:
		return a, a.setStatus(v)
	case *lua.LTable:
		return a.fill(v)
	default:
		return a, fmt.Errorf("want a text, a status or a table as { status = 200, body = \"…\" }, got %s", module.Describe(v))
	}
	return a, nil
}

func (a *answer) setStatus(v lua.LValue) error {
	n, ok := v.(lua.LNumber)
	if status := int(n); ok && lua.LNumber(status) == n && status >= 200 && status <= 599 {
		a.status = status
		return nil
	}
	return fmt.Errorf("want a status from 200 to 599, got %s", module.Describe(v))
}

// fill reads { status=, headers=, body= | json= }.
func (a answer) fill(t *lua.LTable) (answer, error) {
	contentType := plainText
	var wrong error
	table.Each(t, func(k, v lua.LValue) {
		if wrong != nil {
			return
		}
		switch k.String() {
		case "status":
			wrong = a.setStatus(v)
		case "headers":
			wrong = a.setHeaders(v)
		case "body":
			text, ok := v.(lua.LString)
			if a.body = string(text); !ok {
				wrong = fmt.Errorf("body: want a string, got %s", module.Describe(v))
			}
		case "json":
			var text []byte
			text, wrong = luaconv.Encode(v)
			a.body, contentType = string(text), jsonText
		default:
			wrong = fmt.Errorf("unknown field %q; known are status, headers, body and json", k.String())
		}
	})
	switch {
	case wrong != nil:
		return a, wrong
	case table.Field(t, "body") != lua.LNil && table.Field(t, "json") != lua.LNil:
		return a, errors.New("body and json are two ways to give one body")
	}
	if a.header.Get("Content-Type") == "" {
		a.header.Set("Content-Type", contentType)
	}
	return a, nil
}

func (a *answer) setHeaders(v lua.LValue) (err error) {
	t, ok := v.(*lua.LTable)
	if !ok {
		return fmt.Errorf("headers: want a table, got %s", module.Describe(v))
	}
	given := map[string]lua.LValue{}
	table.Each(t, func(k, v lua.LValue) { given[k.String()] = v })
	if a.header, err = web.ReadHeaders(given); err != nil {
		return fmt.Errorf("headers: %w", err)
	}
	return nil
}

func (a answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(a.status)
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		_, _ = io.WriteString(w, a.body) // the client may have gone
	}
}
