package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStoreOnAServer: who saves a bot hears that its store is elsewhere, and
// nobody sees the password.
func TestStoreOnAServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	file := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	file("data/state.json", "{}")
	file("data/chat_chat.db", "chats")
	file("data/chat_agent.db", "keys")
	file("bot.lua", `require("store").open("x")`)
	file("password", "hunter2\n")
	settings := file("simplex-lua.toml", "store = \"postgres://bots@db.example.org/bots\"\nstore_password_file = \"password\"\n"+
		"[[bot]]\nscript = \"bot.lua\"\ndata = \"data\"\n")
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"backup", "--config", settings, "-o", filepath.Join(dir, "bot.backup")}, exitOK,
			"The store is not in it: it is at postgres://bots@db.example.org/bots. Save it with pg_dump"},
		{[]string{"restore", "--data", filepath.Join(dir, "restored"), filepath.Join(dir, "bot.backup")}, exitOK,
			"The store is not in it: restore that of the same time at postgres://bots@db.example.org/bots."},
		{[]string{"doctor", "--config", settings}, -1, "in PostgreSQL, which doctor does not look into"},
		{[]string{"config", "check", "--config", settings}, exitOK, "no mistakes"},
		{[]string{"config", "show", "--config", settings}, exitOK, `store = "postgres://bots@db.example.org/bots"`},
		{[]string{"run", "--store", "postgres://bots:hunter2@db.example.org/bots", filepath.Join(dir, "bot.lua")}, exitUsage,
			"--store (hidden): a password does not stand here"},
	} {
		out, errs, code := program(t, "", tt.args...)
		if all := out + errs; tt.code >= 0 && code != tt.code || !strings.Contains(all, tt.want) || strings.Contains(all, "hunter2") {
			t.Errorf("%s: code %d, %s", tt.args[0], code, all)
		}
	}
}

// TestStoreOnAServerIsUsed: the server that the operator names is the one that the
// script's store is on, and no log has its password.
func TestStoreOnAServerIsUsed(t *testing.T) {
	t.Parallel()
	p := prepareBots(t)
	p.store = "postgres://bots:hunter2@127.0.0.1:1/bots"
	p.start(slog.LevelDebug, "", map[string]string{"keeper": `
bot.configure { db = { postgres = { connection_string = "host=127.0.0.1", schema_prefix = "keeper" } } } -- which the core does not export
bot.on_start(function()
  local ok, err = pcall(require("store").get, "k")
  log.info("the store answers " .. err.type .. " for hunter2")
end)`})
	out, errs, code := p.command("", "backup", "--data", filepath.Join(p.data, "keeper"), "-o", filepath.Join(t.TempDir(), "bot.backup"))
	if want := "The store is not in it: it is at postgres://bots@127.0.0.1:1/bots."; code != exitOK || !strings.Contains(out, want) {
		t.Errorf("code %d, %s%s; want %q", code, out, errs, want)
	}
	if err := p.end(); err != nil {
		t.Fatal(err)
	}
	if text := p.log.String(); !strings.Contains(text, "the store answers io for …") || strings.Contains(text, "hunter2") {
		t.Errorf("logged:\n%s", text)
	}
}
