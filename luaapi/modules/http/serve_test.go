package httpmod_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// webBot is a bot on a simulated network that answers requests.
type webBot struct {
	*host.Host
	t      *testing.T
	net    *sim.Network
	script string
	url    string
	out    *testkit.Buffer
	client *http.Client
	ended  chan error
}

// preamble makes the server that the scripts of tests give routes to.
const preamble = `
local http = require "http"
local server = http.serve { listen = "127.0.0.1:0", OPTIONS }
bot.on_start(function() print("URL http://" .. server.address) end)
`

func serveScript(options, rest string) string {
	return strings.Replace(preamble, "OPTIONS", options, 1) + rest
}

// newBot makes a bot that does not run yet.
func newBot(t *testing.T, script string, grants ...string) *webBot {
	t.Helper()
	dir := t.TempDir()
	b := &webBot{t: t, net: sim.New(sim.Options{Seed: 1}), script: filepath.Join(dir, "bot.lua"), out: &testkit.Buffer{}, ended: make(chan error, 1)}
	t.Cleanup(func() { b.net.Close() })
	b.save(script)
	set, err := permission.Parse(grants)
	if err != nil {
		t.Fatal(err)
	}
	b.Host, err = host.New(host.Options{
		Script: b.script, Data: filepath.Join(dir, "data"), Grants: set, Print: b.out,
		OpenCore: func(_ context.Context, db host.Database) (chat.Core, error) {
			core, reply, err := b.net.Open(db.Prefix, db.Key, db.Confirm)
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, reply.JSON)
			}
			return core, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	b.client = &http.Client{Transport: transport}
	t.Cleanup(transport.CloseIdleConnections)
	return b
}

func (b *webBot) save(script string) {
	b.t.Helper()
	if err := os.WriteFile(b.script, []byte(script), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// serveBot starts a bot that may listen on loopback.
func serveBot(t *testing.T, script string) *webBot {
	t.Helper()
	b := newBot(t, script, "listen=127.0.0.1")
	ctx, cancel := context.WithCancel(context.Background())
	go func() { b.ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-b.Done()
	})
	select {
	case <-b.Ready():
	case <-b.Done():
		t.Fatal(<-b.ended)
	}
	for _, line := range strings.Split(b.out.String(), "\n") {
		if url, ok := strings.CutPrefix(line, "URL "); ok {
			b.url = url
		}
	}
	if b.url == "" {
		t.Fatalf("the bot printed %q", b.out)
	}
	return b
}

// ask sends a request; headers are names and values.
func (b *webBot) ask(method, path, body string, headers ...string) (status int, answer string, h http.Header) {
	b.t.Helper()
	req, err := http.NewRequest(method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Error(err)
		return 0, "", http.Header{}
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Error(err)
	}
	return resp.StatusCode, string(text), resp.Header
}

func TestServe(t *testing.T) {
	t.Parallel()
	b := serveBot(t, serveScript(`max_size = 1000, routes = { ["GET /table"] = function() return "from the table" end }`, `
	server:get("/text", function(req) return "hello " .. req.remote end)
	server:get("/nothing", function() end)
	server:get("/status", function() return 418 end)
	server:get("/json", function() return { status = 201, json = { a = { 1, 2 } }, headers = { ["X-Own"] = "mine" } } end)
	server:post("/orders/{id}/{rest...}", function(req)
	  return table.concat({ req.method, req.path, req.params.id, req.params.rest, req.query.q or "-", req.headers["x-a"], req.headers["X-A"], req.body }, " ")
	end)
	server:post("/decode", function(req) return req:json().text .. req.json().text end)
	server:put("/put", function(req) return "put" end):delete("/put", function() return "deleted" end)
	server:any("/any", function(req) return req.method end)
	server:get("/error", function() error("the secret reason") end)
	server:get("/wrong", function() return { statsu = 200 } end)
	server:get("/inject", function() return { headers = { ["X-A"] = "1\r\nX-B: 2" } } end)
	server:get("/function", function() return print end)
	server:get("/spin", function() while true do end end)
	`))
	for _, tc := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/text", "", 200, "hello 127.0.0.1"},
		{"GET", "/table", "", 200, "from the table"},
		{"GET", "/nothing", "", 204, ""},
		{"GET", "/status", "", 418, ""},
		{"GET", "/json", "", 201, `{"a":[1,2]}`},
		{"POST", "/orders/7/a/b?q=x%20y", "body\x00\xff", 200, "POST /orders/7/a/b 7 a/b x y 1 1 body\x00\xff"},
		{"POST", "/decode", `{"text":"t"}`, 200, "tt"},
		{"POST", "/decode", `{"text":`, 500, "internal server error\n"},
		{"PUT", "/put", "", 200, "put"},
		{"DELETE", "/put", "", 200, "deleted"},
		{"PATCH", "/any", "", 200, "PATCH"},
		{"HEAD", "/text", "", 200, ""},
		{"GET", "/orders/7/x", "", 405, "Method Not Allowed\n"},
		{"GET", "/unknown", "", 404, "404 page not found\n"},
		{"GET", "/error", "", 500, "internal server error\n"},
		{"GET", "/wrong", "", 500, "internal server error\n"},
		{"GET", "/inject", "", 500, "internal server error\n"},
		{"GET", "/function", "", 500, "internal server error\n"},
		{"GET", "/spin", "", 500, "internal server error\n"},
		{"POST", "/decode", strings.Repeat("x", 1001), 413, "request entity too large\n"},
		{"GET", "/text", "", 200, "hello 127.0.0.1"},
	} {
		status, got, h := b.ask(tc.method, tc.path, tc.body, "X-A", "1")
		if status != tc.status || got != tc.want {
			t.Errorf("%s %s: got %d %q", tc.method, tc.path, status, got)
		}
		if tc.path == "/json" && (h.Get("X-Own") != "mine" || h.Get("Content-Type") != "application/json" || h.Get("X-Content-Type-Options") != "nosniff") {
			t.Errorf("got the headers %v", h)
		}
		if h.Get("X-B") != "" {
			t.Error("an answer has a header that was injected")
		}
	}
}

// A webhook may send messages like any handler.
func TestServeSends(t *testing.T) {
	t.Parallel()
	b := serveBot(t, serveScript("", `
	local who
	bot.on_message(function(msg) who = msg.chat.ref msg:reply("noted") end)
	server:post("/alert", function(req) bot.send(who, req.body) return "sent" end)`))
	alice, err := b.net.Person("alice")
	if err != nil {
		t.Fatal(err)
	}
	defer alice.Close()
	status, _ := b.Status()
	if err := alice.Connect(status.Address); err != nil {
		t.Fatal(err)
	}
	c, err := alice.Chat("bot")
	if err == nil {
		_, err = alice.SendText(c, "hello")
	}
	if err != nil {
		t.Fatal(err)
	}
	expect := func(text string) {
		for {
			r, err := alice.Receive(20 * time.Second)
			if err != nil || r == nil {
				t.Fatalf("%q did not come: %v", text, err)
			}
			if r.What == "message" && r.Text == text {
				return
			}
		}
	}
	expect("noted")
	if status, got, _ := b.ask("POST", "/alert", "the door is open"); status != 200 || got != "sent" {
		t.Errorf("got %d %q", status, got)
	}
	expect("the door is open")
}

func sign(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func TestServeSigned(t *testing.T) {
	t.Parallel()
	b := serveBot(t, serveScript(`hmac = { secret = "s3cret" }`, `
	server:post("/github", function(req) return "ok" end)
	local fails = true
	server:post("/stamped", function(req)
	  if req.body == "fail once" and fails then fails = false error("not yet") end
	  return "ok"
	end, { hmac = { header = "X-Signature", secret = "other", prefix = "v1=", timestamp_header = "X-Time", max_age = 60 } })`))
	now := fmt.Sprint(time.Now().Unix())
	old := fmt.Sprint(time.Now().Add(-2 * time.Minute).Unix())
	stamped := func(time, body string) string { return "v1=" + sign("other", time+"."+body) }
	for _, tc := range []struct {
		name, path, body string
		headers          []string
		want             int
	}{
		{"right", "/github", "hi", []string{"X-Hub-Signature-256", "sha256=" + sign("s3cret", "hi")}, 200},
		{"without a prefix", "/github", "hi", []string{"X-Hub-Signature-256", sign("s3cret", "hi")}, 200},
		{"none", "/github", "hi", nil, 401},
		{"other body", "/github", "ho", []string{"X-Hub-Signature-256", "sha256=" + sign("s3cret", "hi")}, 401},
		{"other secret", "/github", "hi", []string{"X-Hub-Signature-256", "sha256=" + sign("other", "hi")}, 401},
		{"no hex", "/github", "hi", []string{"X-Hub-Signature-256", "sha256=zz"}, 401},
		{"short", "/github", "hi", []string{"X-Hub-Signature-256", "sha256=" + sign("s3cret", "hi")[:10]}, 401},
		{"stamped", "/stamped", "hi", []string{"X-Time", now, "X-Signature", stamped(now, "hi")}, 200},
		{"replayed", "/stamped", "hi", []string{"X-Time", now, "X-Signature", stamped(now, "hi")}, 401},
		{"too old", "/stamped", "hi", []string{"X-Time", old, "X-Signature", stamped(old, "hi")}, 401},
		{"time changed", "/stamped", "hi", []string{"X-Time", now, "X-Signature", stamped(old, "hi")}, 401},
		{"no time", "/stamped", "hi", []string{"X-Signature", stamped("", "hi")}, 401},
		{"wrong prefix", "/stamped", "ho", []string{"X-Time", now, "X-Signature", "v2=" + sign("other", now+".ho")}, 401},
		{"failed", "/stamped", "fail once", []string{"X-Time", now, "X-Signature", stamped(now, "fail once")}, 500},
		{"sent again after it failed", "/stamped", "fail once", []string{"X-Time", now, "X-Signature", stamped(now, "fail once")}, 200},
	} {
		if got, _, _ := b.ask("POST", tc.path, tc.body, tc.headers...); got != tc.want {
			t.Errorf("%s: got %d, want %d", tc.name, got, tc.want)
		}
	}
}

func TestServeBounds(t *testing.T) {
	t.Parallel()
	b := serveBot(t, serveScript(`rate = 0.001, burst = 3, timeout = 1`, `
	server:post("/", function(req) return "ok" end)`))
	// A body that never ends coming is given up.
	conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
	if got, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 400 ") {
		t.Errorf("got %q, %v", got, err)
	}
	for range 2 { // the third of the burst
		if got, _, _ := b.ask("POST", "/", ""); got != 200 {
			t.Errorf("got %d", got)
		}
	}
	if got, _, h := b.ask("POST", "/", ""); got != 429 || h.Get("Retry-After") == "" {
		t.Errorf("got %d, %v", got, h)
	}
}

// No more handlers run side by side than asked for; the others wait.
func TestServeConcurrency(t *testing.T) {
	t.Parallel()
	b := serveBot(t, serveScript("concurrency = 2", `
	local running, most = 0, 0
	server:get("/", function()
	  running = running + 1
	  most = math.max(most, running)
	  sleep(0.01)
	  running = running - 1
	end)
	server:get("/most", function() return tostring(most) end)`))
	var askers sync.WaitGroup
	for range 10 {
		askers.Go(func() {
			if got, _, _ := b.ask("GET", "/", ""); got != 204 {
				t.Errorf("got %d", got)
			}
		})
	}
	askers.Wait()
	if _, got, _ := b.ask("GET", "/most", ""); got != "1" && got != "2" {
		t.Errorf("%s handlers ran side by side", got)
	}
}

func TestServeDeclarations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, script, want string }{
		{"no permission", `require("http").serve { listen = "127.0.0.2:8080" }`, "--allow listen=127.0.0.2:8080"},
		{"all addresses", `require("http").serve { listen = ":8080" }`, "--allow listen=:8080"},
		{"no address", `require("http").serve {}`, "listen is missing"},
		{"no port", `require("http").serve { listen = "127.0.0.1" }`, "has no port"},
		{"a name", `require("http").serve { listen = "example.org:80" }`, "an address of this machine"},
		{"twice", `local h = require "http" h.serve { listen = "127.0.0.1:9" } h.serve { listen = "localhost:9" }`, "a server on 127.0.0.1:9 already"},
		{"unknown option", `require("http").serve { listen = "127.0.0.1:0", hmc = {} }`, "hmac"},
		{"no secret", `require("http").serve { listen = "127.0.0.1:0", hmac = { secret = os.getenv "NONE" } }:post("/", print)`, "http.serve.hmac.secret is missing; os.getenv answers nil for a name without --allow env=NAME"},
		{"wrong digest", `require("http").serve { listen = "127.0.0.1:0" }:post("/", print, { hmac = { secret = "x", algorithm = "md5" } })`, "sha256"},
		{"wrong path", `require("http").serve { listen = "127.0.0.1:0" }:post("x", print)`, "want a path"},
		{"wrong pattern", `require("http").serve { listen = "127.0.0.1:0" }:post("/{id", print)`, "/{id"},
		{"same route", `require("http").serve { listen = "127.0.0.1:0" }:post("/a", print):post("/a", print)`, "/a"},
		{"no function", `require("http").serve { listen = "127.0.0.1:0" }:post("/a")`, "want a function"},
		{"no method", `require("http").serve { listen = "127.0.0.1:0" }:psot("/a", print)`, "post"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := newBot(t, tc.script, "listen=127.0.0.1").Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
