package store_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/store"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/store/pgtest"
)

// TestOperatorsServer: a server that the operator names is where stores are that
// the script gives none; each bot has its own, and none needs a permission.
func TestOperatorsServer(t *testing.T) {
	t.Parallel()
	url, host := pgtest.URL(t)
	dir := t.TempDir()
	as := func(bot, script string) string {
		t.Helper()
		var out bytes.Buffer
		rt, err := luaapi.Load(context.Background(), luaapi.Options{
			Name: bot, Path: "test.lua", Source: []byte(`local store = require "store" ` + script), NoBot: true,
			Print: &out, Store: url, Session: luaapi.Session{DataDir: dir},
		})
		if err != nil {
			t.Fatal(err)
		}
		rt.Close()
		return strings.TrimSpace(out.String())
	}
	for _, tt := range []struct{ bot, script, want string }{
		{"one", `store.set("k", "one's") print(store.open():get("k"))`, "one's"},
		{"two", `print(store.get("k")) store.open("n"):set("k", "two's")`, "nil"},
		{"one", `print(store.get("k"), store.open("n"):get("k"), store.open({}):get("k"))`, "one's\tnil\tone's"},
		{"two", `store.open({ name = "n", shared = true }):set("k", "both's") print(store.open("n"):get("k"))`, "two's"},
		{"one", `print(store.open({ name = "n", shared = true }):get("k"))`, "both's"},
		{"one", `local _, err = pcall(store.open, { url = ` + modtest.Quote(url) + ` }) print(err.type, (err.message:match("net=%S+")))`, "permission\tnet=" + host},
	} {
		if got := as(tt.bot, tt.script); got != tt.want {
			t.Errorf("%s: %s: got %q, want %q", tt.bot, tt.script, got, tt.want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, store.FileName)); !os.IsNotExist(err) {
		t.Errorf("there is a store in the data folder: %v", err)
	}
}

// TestOperatorsServerIsGone: a script goes on, and does not learn the password.
func TestOperatorsServerIsGone(t *testing.T) {
	t.Parallel()
	_, err := modtest.Eval(t, modtest.Options{Store: "postgres://u:hunter2@127.0.0.1:1/d"}, `
		local store = require "store"
		local ok, err = pcall(store.get, "k")
		assert(not ok and (err.type == "io" or err.type == "timeout"), tostring(err))
		assert(not tostring(err):find("hunter2", 1, true))`)
	if err != nil {
		t.Error(err)
	}
}
