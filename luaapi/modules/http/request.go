package httpmod

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/net/http/httpguts"

	"github.com/simplex-lua/simplex-lua/internal/atomicfile"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/http/web"
)

const (
	defaultTimeout   = 30 * time.Second
	defaultMaxSize   = 10 << 20
	maxInMemory      = 64 << 20
	defaultRedirects = 5
	maxRedirects     = 20
	chunkSize        = 64 << 10
)

// options are what http.request takes; method and url are not for the others.
type options struct {
	Method  string                `lua:"method"`
	URL     string                `lua:"url"`
	Headers map[string]lua.LValue `lua:"headers"`
	Query   map[string]lua.LValue `lua:"query"`
	Body    *string               `lua:"body"`
	JSON    lua.LValue            `lua:"json"`
	Form    map[string]lua.LValue `lua:"form"`
	Auth    auth                  `lua:"auth"`
	// Timeout is for all of it, the body too.
	Timeout time.Duration `lua:"timeout"`
	// MaxSize bounds the body, unpacked; 64 MiB at most where it is kept in memory.
	MaxSize   int64 `lua:"max_size"`
	Redirects int   `lua:"redirects"`
	// Stream gets the body of a success piece by piece, To is the file that it is
	// written to.
	Stream *lua.LFunction `lua:"stream"`
	To     string         `lua:"to"`
}

// auth is a user with a password, or a token.
type auth struct {
	User     string `lua:"user"`
	Password string `lua:"password"`
	Bearer   string `lua:"bearer"`
}

// request is http.request{ method=, url=, … } → response.
func (lib *library) request(L *lua.LState) int {
	o := lib.options(L, 1, "http.request")
	if o.URL == "" {
		module.Argument(lib.vm, L, "http.request: url is missing")
	}
	if o.Method == "" {
		o.Method = http.MethodGet
	}
	return lib.do(L, "http.request", o)
}

// short is http.get(url[, options]) and its like.
func (lib *library) short(L *lua.LState, what, method string) int {
	address := module.String(lib.vm, L, 1, what+": the url")
	o := lib.options(L, 2, what)
	if o.URL != "" || o.Method != "" {
		module.Argument(lib.vm, L, "%s: url and method are options of http.request only", what)
	}
	o.URL, o.Method = address, method
	return lib.do(L, what, o)
}

func (lib *library) options(L *lua.LState, n int, what string) options {
	o := options{Timeout: defaultTimeout, MaxSize: defaultMaxSize, Redirects: defaultRedirects}
	lib.vm.Options(L, n, what, &o)
	module.Timeout(lib.vm, L, what+".timeout", o.Timeout)
	bodies := 0
	for _, given := range []bool{o.Body != nil, o.JSON != nil, o.Form != nil} {
		if given {
			bodies++
		}
	}
	switch {
	case bodies > 1:
		module.Argument(lib.vm, L, "%s: body, json and form are three ways to give one body", what)
	case o.MaxSize < 1 || o.MaxSize > maxInMemory && o.Stream == nil && o.To == "":
		module.Argument(lib.vm, L, "%s.max_size: want 1 to %d bytes; more only with to or stream", what, maxInMemory)
	case o.Redirects < 0 || o.Redirects > maxRedirects:
		module.Argument(lib.vm, L, "%s.redirects: want 0 to %d", what, maxRedirects)
	case o.Stream != nil && o.To != "":
		module.Argument(lib.vm, L, "%s: the body goes either to stream or to a file", what)
	case o.Auth.Bearer != "" && o.Auth.User != "":
		module.Argument(lib.vm, L, "%s.auth: want either user and password or bearer", what)
	}
	return o
}

// build makes the request, with the lock held.
func (lib *library) build(L *lua.LState, what string, o options) *http.Request {
	u, err := web.ParseURL(o.URL, "http", "https")
	if err != nil {
		module.Argument(lib.vm, L, "%s: %v", what, err)
	}
	if !httpguts.ValidHeaderFieldName(o.Method) { // both are tokens
		module.Argument(lib.vm, L, "%s.method: %q cannot be a method", what, o.Method)
	}
	query, err := web.ReadValues(o.Query)
	if err != nil {
		module.Argument(lib.vm, L, "%s.query.%v", what, err)
	}
	if len(query) > 0 {
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += query.Encode()
	}
	body, contentType := lib.body(L, what, o)
	req, err := http.NewRequest(strings.ToUpper(o.Method), u.String(), body)
	if err != nil {
		module.Argument(lib.vm, L, "%s: %v", what, err)
	}
	headers, err := web.ReadHeaders(o.Headers)
	if err != nil {
		module.Argument(lib.vm, L, "%s.headers: %v", what, err)
	}
	req.Header = headers
	if contentType != "" && headers.Get("Content-Type") == "" {
		headers.Set("Content-Type", contentType)
	}
	if headers.Get("User-Agent") == "" {
		headers.Set("User-Agent", "simplex-lua")
	}
	switch {
	case o.Auth.Bearer != "":
		if headers.Set("Authorization", "Bearer "+o.Auth.Bearer); !httpguts.ValidHeaderFieldValue(o.Auth.Bearer) {
			module.Argument(lib.vm, L, "%s.auth.bearer has characters that no header may have", what)
		}
	case o.Auth.User != "":
		req.SetBasicAuth(o.Auth.User, o.Auth.Password)
	}
	return req
}

func (lib *library) body(L *lua.LState, what string, o options) (body io.Reader, contentType string) {
	switch {
	case o.Body != nil:
		return strings.NewReader(*o.Body), ""
	case o.JSON != nil:
		text, err := luaconv.Encode(o.JSON, lib.vm.Step(L))
		if err != nil {
			module.Argument(lib.vm, L, "%s.json: %v", what, err)
		}
		return bytes.NewReader(text), "application/json"
	case o.Form != nil:
		form, err := web.ReadValues(o.Form)
		if err != nil {
			module.Argument(lib.vm, L, "%s.form.%v", what, err)
		}
		return strings.NewReader(form.Encode()), "application/x-www-form-urlencoded"
	}
	return http.NoBody, ""
}

// do sends a request and pushes the response. A status of 400 and above is a
// response like any other.
func (lib *library) do(L *lua.LState, what string, o options) int {
	req := lib.build(L, what, o)
	target := o.To
	if target != "" {
		path, err := lib.vm.Allowed().Path(target, lib.vm.FilesDir(), true)
		if err != nil {
			lib.vm.Raise(L, err)
		}
		target = path
	}
	ex := &exchange{lib: lib, what: what, url: req.URL, o: o, target: target}
	defer ex.close() // also where the handler is cut
	lib.vm.Wait(L, func(ctx context.Context) error { return ex.explain(ex.start(ctx, req)) })
	if ex.streams() {
		ex.stream(L)
	}
	L.Push(ex.response(L))
	return 1
}

// exchange is one request with its response.
type exchange struct {
	lib    *library
	what   string
	url    *url.URL
	o      options
	target string // the file for the body, "" for none

	cancel context.CancelFunc
	resp   *http.Response
	body   []byte
	size   int64 // bytes streamed or written
}

func (ex *exchange) close() {
	if ex.resp != nil {
		ex.resp.Body.Close()
	}
	if ex.cancel != nil {
		ex.cancel()
	}
}

func (ex *exchange) explain(err error) error {
	if err == nil {
		return nil
	}
	return web.Explain(ex.what, ex.url, ex.o.Timeout, err)
}

func (ex *exchange) success() bool { return ex.resp.StatusCode >= 200 && ex.resp.StatusCode < 300 }
func (ex *exchange) streams() bool { return ex.o.Stream != nil && ex.success() }

// start sends the request and, unless it is streamed, reads the body.
func (ex *exchange) start(ctx context.Context, req *http.Request) (err error) {
	ctx, ex.cancel = context.WithTimeout(ctx, ex.o.Timeout)
	client := http.Client{Transport: ex.lib.transport, CheckRedirect: web.Redirects(ex.o.Redirects)}
	if ex.resp, err = client.Do(req.WithContext(ctx)); err != nil {
		ex.resp = nil
		return err
	}
	ex.url = ex.resp.Request.URL
	switch {
	case ex.streams():
		return nil
	case ex.target != "" && ex.success():
		return ex.write()
	}
	ex.body, err = io.ReadAll(io.LimitReader(ex.resp.Body, min(ex.o.MaxSize, maxInMemory)+1))
	if err == nil && int64(len(ex.body)) > min(ex.o.MaxSize, maxInMemory) {
		return ex.tooBig()
	}
	return err
}

func (ex *exchange) tooBig() error {
	return module.Errorf(module.ErrLimit, "%s: the body of %s is larger than %d bytes; max_size sets the bound", ex.what, ex.url.Host, ex.o.MaxSize)
}

// write puts the body into the file, which is there whole or not at all.
func (ex *exchange) write() error {
	return atomicfile.Fill(ex.target, atomicfile.Options{Part: ".http-"}, func(file *os.File) (err error) {
		ex.size, err = io.Copy(file, io.LimitReader(ex.resp.Body, ex.o.MaxSize+1))
		if err == nil && ex.size > ex.o.MaxSize {
			err = ex.tooBig()
		}
		return err
	})
}

// stream hands the body to the script, as it comes. The function ends it by
// returning false.
func (ex *exchange) stream(L *lua.LState) {
	buf := make([]byte, chunkSize)
	for {
		n, done := 0, false
		ex.lib.vm.Wait(L, func(context.Context) error {
			var err error
			for n == 0 && err == nil {
				n, err = ex.resp.Body.Read(buf)
			}
			if done = err == io.EOF; done {
				err = nil
			}
			return ex.explain(err)
		})
		if ex.size += int64(n); ex.size > ex.o.MaxSize {
			ex.lib.vm.Raise(L, ex.tooBig())
		}
		if n > 0 {
			L.Push(ex.o.Stream)
			L.Push(lua.LString(buf[:n]))
			L.Call(1, 1)
			goOn := L.Get(-1) != lua.LFalse
			L.Pop(1)
			done = done || !goOn
		}
		if done {
			return
		}
	}
}
