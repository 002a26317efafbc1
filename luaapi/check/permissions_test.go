package check

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/simplex-lua/simplex-lua/stdlib"
)

// uses lists what a script uses, as "net=example.org:1 http.get".
func uses(t *testing.T, files map[string]string) (list string, allow string) {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	found, _, err := Permissions(folder, "bot.lua", Options{Stdlib: stdlib.FS, Modules: []string{"http", "exec", "fs", "sql", "store", "net", "websocket", "image"}})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, u := range found {
		out = append(out, fmt.Sprintf("%s=%s:%d %s", u.Permission, u.Value, u.Line, u.Function))
	}
	return strings.Join(out, "; "), strings.Join(Allow(found), ",")
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ script, want string }{
		{`print("http://example.org")`, ""},
		{`local h = require "http" h.get("https://api.example.org/x")`, "net=api.example.org:1 http.get"},
		{`require("http").post("http://127.0.0.1:8080/x", {})`, "net=127.0.0.1:8080:1 http.post"},
		{`local get = require("http").get` + "\n" + `get "https://u:p@example.org"`, "net=example.org:2 http.get"},
		{`local http, base = require "http", "https://example.org/" http.get(base .. "x")`, "net=example.org:1 http.get"},
		{`local http = require "http" http.get("https://" .. host)`, "net=:1 http.get"},
		{`local http = require "http" function f(url) http.get(url, { to = "/opt/x" }) end`, "net=:1 http.get; write=/opt/x:1 http.get"},
		{`local http = require "http" local url = "https://a.org" url = "https://b.org" http.get(url)`, "net=:1 http.get"},
		{`local http = require "http" http.request { url = "https://a.org" } http.request(o)`, "net=a.org:1 http.request; net=:1 http.request"},
		{`require("http").get("https://ev\105l.\x65xample\z   ")`, "net=evil.example:1 http.get"}, // as Lua reads it
		{`require("http").serve { listen = "127.0.0.1:8080" }`, "listen=127.0.0.1:8080:1 http.serve"},
		{`require("websocket").connect("wss://chat.example.org/ws")`, "net=chat.example.org:1 websocket.connect"},
		{`require("net").connect { host = "example.org", port = 79 }`, "net=example.org:79:1 net.connect"},
		{`bot.configure { db = { postgres = { connection_string = "postgres://u:p@db.example.org:99/x" } } }`, "net=db.example.org:99:1 bot.configure"},
		{`bot.configure { db = { postgres = { connection_string = "user=u host=db.example.org" } } }`, "net=db.example.org:1 bot.configure"},
		{`bot.configure { db = { sqlite = { file_prefix = "own" } }, welcome = "hi" }`, ""},
		{`local sql = require "sql" sql.open("a.db") sql.open("/opt/b.db") sql.open("postgres://u@db.example.org:5432/x")`,
			"write=/opt/b.db:1 sql.open; net=db.example.org:5432:1 sql.open"},
		{`local fs = require "fs" fs.read("inside.txt") fs.copy("/etc/motd", "../out")`, "read=/etc/motd:1 fs.copy; write=../out:1 fs.copy"},
		{`require("irc").client { host = "irc.example.org", port = 6697, tls = true }`, "net=irc.example.org:6697:1 irc.client"},
		{`require("lime").client { uri = "wss://lime.example.org/ws", identity = "a@b.org" }`, "net=lime.example.org:1 lime.client"},
		{`require("lime").client { identity = "a@b.org/home" }`, "net=b.org:1 lime.client"},
		{`require("llm").new { url = os.getenv "LLM_URL" or "https://api.example.org/v1", model = "m" }`,
			"net=api.example.org:1 llm.new; env=LLM_URL:1 os.getenv"},
		{`require("exec").run({ "git", "log" }, { env = { HOME = "/x" }, dir = "/opt" })`, "read=/opt:1 exec.run; exec=git:1 exec.run; env=HOME:1 exec.run"},
		{`os.getenv("TOKEN")`, "env=TOKEN:1 os.getenv"},
		{`local getenv = os.getenv getenv(name)`, "env=:1 os.getenv"},
		{`local os = { getenv = print } os.getenv("TOKEN")`, ""},
		{`bot.send_file("@4", "/etc/motd") bot.send_file("@4", "mine")`, "read=/etc/motd:1 bot.send_file"},
		{`bot.api.send_chat_cmd("/_network {}")`, "core=/_network:1 bot.api.send_chat_cmd"},
		{`bot.api.send_chat_cmd("/_join #1")`, ""},
		{`bot.api.send_chat_cmd("/_stop")`, "never=/_stop:1 bot.api.send_chat_cmd"},
		{`bot.api.send_chat_cmd("/_upload 1 /etc/passwd")`, "read=/etc/passwd:1 bot.api.send_chat_cmd"},
		{`bot.api.send_chat_cmd(text)`, "core=:1 bot.api.send_chat_cmd"},
		{`local http = "x" http.get("https://a.org")`, ""},
	} {
		if got, _ := uses(t, map[string]string{"bot.lua": tc.script}); got != tc.want {
			t.Errorf("%s\ngot  %s\nwant %s", tc.script, got, tc.want)
		}
	}
}

// The files that a script requires count too, and each entry stands once.
func TestPermissionsOfFiles(t *testing.T) {
	t.Parallel()
	list, allow := uses(t, map[string]string{
		"bot.lua":     `local api = require "lib.api" os.getenv("TOKEN") require("http").get("https://a.org/1")`,
		"lib/api.lua": `local http = require "http" return function() return http.get("https://a.org/2") end`,
	})
	if want := "env=TOKEN:1 os.getenv; net=a.org:1 http.get; net=a.org:1 http.get"; list != want {
		t.Errorf("got %s", list)
	}
	if allow != "env=TOKEN,net=a.org" {
		t.Errorf("got %s", allow)
	}
}
