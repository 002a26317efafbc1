package httpmod_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// fixture starts the servers that the scripts ask. The operator has allowed
// 127.0.0.1 at all ports but not by name, and not [::1].
func fixture(t *testing.T) modtest.Options {
	t.Helper()
	// Another host for everybody who compares hosts: the walls allow its port too.
	other := newWeb(t, "")
	web := newWeb(t, "127.0.0.1:"+portOf(other))
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(secure.Close)
	return modtest.Options{
		Grants: []string{"net=127.0.0.1"},
		Globals: map[string]string{
			"WEB": web.URL, "OTHER": other.URL, "SECURE": secure.URL, "PORT": portOf(web), "CLOSED": closedPort(t, web),
			"BROKEN":    newRaw(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense"),
			"TRUNCATED": newRaw(t, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"),
			"NONSENSE":  newRaw(t, "220 mail.example.org ESMTP\r\n"),
			"EMPTY":     newRaw(t, ""),
			"HEADERS":   newRaw(t, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 1<<20)+"\r\n\r\n"),
		},
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	modtest.Run(t, fixture(t))
}

// Without a permission nothing is reached, and the error names the flag.
func TestWalls(t *testing.T) {
	t.Parallel()
	o := fixture(t)
	for _, tc := range []struct{ name, grant, script, want string }{
		{"nothing", "net=example.org", `http.get(WEB)`, "--allow net=127.0.0.1:"},
		{"everything public", "net=*", `http.get(WEB)`, "--allow net=127.0.0.1:"},
		{"by name", "net=127.0.0.1", `http.get("http://localhost:" .. PORT)`, "--allow net=localhost:"},
		{"as a number", "net=*", `http.get("http://2130706433:" .. PORT)`, "--allow net=127.0.0.1:"},
		{"in hex", "net=*", `http.get("http://0x7f.1:" .. PORT)`, "--allow net=127.0.0.1:"},
		{"mapped", "net=*", `http.get("http://[::ffff:127.0.0.1]:" .. PORT)`, "--allow net=127.0.0.1:"},
		{"behind a user", "net=example.org", `http.get("http://example.org:80@127.0.0.1:" .. PORT)`, "--allow net=127.0.0.1:"},
		{"metadata", "net=*", `http.get("http://169.254.169.254/latest/meta-data")`, "--allow net=169.254.169.254:80"},
		{"file outside", "net=127.0.0.1", `http.get(WEB .. "/echo", { to = "/etc/x" })`, "--allow write=/etc/x"},
		{"file above", "net=127.0.0.1", `http.get(WEB .. "/echo", { to = "../x" })`, "outside the bot's files folder"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := o
			o.Grants = []string{tc.grant}
			printed, err := modtest.Eval(t, o, `local http = require "http"
				local ok, e = pcall(function() `+tc.script+` end)
				print(ok, e.type, e.message)`)
			if err != nil || !strings.HasPrefix(printed, "false\tpermission\t") || !strings.Contains(printed, tc.want) {
				t.Errorf("got %q, %v", printed, err)
			}
		})
	}
}

// A redirect meets the same walls as the first address.
func TestRedirectWalls(t *testing.T) {
	t.Parallel()
	o := fixture(t)
	o.Grants = []string{"net=127.0.0.1:" + o.Globals["PORT"]}
	for target, want := range map[string]string{
		`OTHER`:                         "permission",
		`"http://169.254.169.254/"`:     "permission",
		`"http://localhost:" .. PORT`:   "permission",
		`"http://[::1]:" .. PORT`:       "permission",
		`"file:///etc/passwd"`:          "io",
		`"gopher://127.0.0.1:" .. PORT`: "io",
	} {
		printed, err := modtest.Eval(t, o, `local http = require "http"
			local ok, e = pcall(http.get, WEB .. "/to", { query = { url = `+target+` } })
			print(ok, e.type)`)
		if err != nil || printed != "false\t"+want+"\n" {
			t.Errorf("%s: got %q, %v", target, printed, err)
		}
	}
}
