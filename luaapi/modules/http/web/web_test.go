package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

func TestParseURL(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"http://example.org", "https://user:pw@example.org:8443/a?b#c", "http://[::1]:80/"} {
		if _, err := ParseURL(good, "http", "https"); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "example.org", "//example.org", "ftp://example.org", "http://", "http:///path", "http://a b/", "http://a\r\nb/", "http://a:x/", "http:example.org", "javascript:1",
	} {
		if u, err := ParseURL(bad, "http", "https"); err == nil {
			t.Errorf("%q: got %v", bad, u)
		}
	}
	if _, err := ParseURL("http://host/secret\x7f", "http"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

// A page of this server may be trusted only by those who trust its certificate,
// and no proxy of the environment is asked.
func TestTransport(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(r.Proto)) }))
	defer s.Close()
	set := permission.Set{Net: []string{"127.0.0.1"}}
	trusting := Transport(permission.Dialer{Set: set}, s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs)
	strange := Transport(permission.Dialer{Set: set}, nil)
	defer trusting.CloseIdleConnections()
	if strange.Proxy != nil {
		t.Error("a proxy is asked, which would go where the walls do not reach")
	}
	resp, err := (&http.Client{Transport: trusting}).Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	resp, err = (&http.Client{Transport: strange}).Get(s.URL)
	if err == nil {
		resp.Body.Close()
		t.Error("a certificate that nobody knows is trusted")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	u := &url.URL{Scheme: "http", Host: "example.org", Path: "/secret"}
	for _, tc := range []struct {
		err  error
		want string
	}{
		{context.DeadlineExceeded, module.ErrTimeout},
		{&url.Error{Op: "Get", URL: u.String(), Err: context.DeadlineExceeded}, module.ErrTimeout},
		{ErrRedirects, module.ErrLimit},
		{&url.Error{Op: "Get", URL: u.String(), Err: errors.New("broken")}, module.ErrIO},
		{module.Errorf(module.ErrData, "mine"), module.ErrData},
	} {
		err := Explain("http.get", u, 1, tc.err)
		var e *module.Error
		if !errors.As(err, &e) || e.Type != tc.want || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: got %v", tc.err, err)
		}
	}
	denied := &permission.Error{Message: "no", Hint: "--allow net=x"}
	if err := Explain("http.get", u, 1, &url.Error{Op: "Get", URL: u.String(), Err: denied}); !errors.As(err, new(*permission.Error)) || err.Error() != "http.get: no\n--allow net=x" {
		t.Errorf("got %v", err)
	}
}

// Whatever a script gives, no header holds the beginning of another one.
func FuzzHeaders(f *testing.F) {
	f.Add("X-Own", "a value")
	f.Add("X-A\r\nX-B", "1")
	f.Add("X", "1\r\nY: 2")
	f.Add("transfer-encoding", "chunked")
	f.Fuzz(func(t *testing.T, name, value string) {
		h, err := ReadHeaders(map[string]lua.LValue{name: lua.LString(value)})
		if err != nil {
			return
		}
		var b strings.Builder
		if err := h.Write(&b); err != nil {
			t.Fatal(err)
		}
		if text := b.String(); strings.Count(text, "\n") != 1 || strings.Count(text, "\r") != 1 || strings.ContainsRune(text, 0) {
			t.Errorf("%q: %q is written as %q", name, value, text)
		}
		if h.Get("Transfer-Encoding") != "" || h.Get("Content-Length") != "" {
			t.Errorf("%q passes", name)
		}
	})
}
