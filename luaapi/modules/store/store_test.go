package store_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/store/pgtest"
)

func TestMain(m *testing.M) {
	if child(os.Getenv("STORE_TEST_CHILD")) {
		return
	}
	os.Exit(pgtest.Main(m))
}

// TestSuite holds both engines to the same scripts, and the server to them also
// where the operator names it and the scripts do not.
func TestSuite(t *testing.T) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		modtest.Run(t, modtest.Options{Globals: map[string]string{"URL": ""}})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url, host := pgtest.URL(t)
		modtest.Run(t, modtest.Options{Globals: map[string]string{"URL": url}, Grants: []string{"net=" + host}})
	})
	t.Run("postgres by default", func(t *testing.T) {
		t.Parallel()
		url, _ := pgtest.URL(t)
		modtest.Run(t, modtest.Options{Globals: map[string]string{"URL": ""}, Store: url})
	})
}

func TestServerIsGone(t *testing.T) {
	t.Parallel()
	_, err := modtest.Eval(t, modtest.Options{Grants: []string{"net=127.0.0.1:1"}}, `
		local s = require("store").open { url = "postgres://u:secret@127.0.0.1:1/d", timeout = 5 }
		local ok, err = pcall(s.get, s, "k")
		print(err.type, tostring(err))
		assert(not ok and (err.type == "io" or err.type == "timeout"))
		assert(not tostring(err):find("secret", 1, true))`)
	if err != nil {
		t.Error(err)
	}
}

func TestNotWhileLoading(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := run(&out, luaapi.Options{Path: "bot.lua", Source: []byte(`
		local store = require "store"
		local s = store.open "x"
		local ok, err = pcall(s.set, s, "k", 1)
		print(ok, err.type)`)})
	if err != nil || out.String() != "false\tnot_started\n" {
		t.Errorf("got %q, %v", &out, err)
	}
}

// TestMemory: where there is no data folder, as in eval, the store is in memory.
func TestMemory(t *testing.T) {
	t.Parallel()
	out, err := eval("", `local store = require "store" print(store.incr("n"), store.incr("n"))`)
	if err != nil || out != "1\t2\n" {
		t.Errorf("got %q, %v", out, err)
	}
	if out, _ := eval("", `print(require("store").get("n"))`); out != "nil\n" {
		t.Errorf("another script finds %q", out)
	}
}

// eval runs a script with a data folder and returns what it printed.
func eval(dir, script string) (string, error) {
	var out bytes.Buffer
	err := run(&out, options(dir, script))
	return out.String(), err
}

func options(dir, script string) luaapi.Options {
	return luaapi.Options{Path: "test.lua", Source: []byte(script), NoBot: true, Session: luaapi.Session{DataDir: dir}}
}

func run(out io.Writer, o luaapi.Options) error {
	o.Name, o.Print = "test", out
	rt, err := luaapi.Load(context.Background(), o)
	if err == nil {
		rt.Close()
	}
	return err
}
