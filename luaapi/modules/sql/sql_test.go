package sql_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
	"github.com/simplex-lua/simplex-lua/luaapi/modules/store/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestSuite holds both engines to the same scripts.
func TestSuite(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		modtest.Run(t, modtest.Options{Globals: map[string]string{"URL": ""}})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		for _, script := range []string{"basics", "values", "transaction"} {
			t.Run(script, func(t *testing.T) {
				t.Parallel()
				url, host := pgtest.URL(t) // each its own database
				text, err := os.ReadFile(filepath.Join("testdata", script+".lua"))
				if err != nil {
					t.Fatal(err)
				}
				o := modtest.Options{Globals: map[string]string{"URL": url}, Grants: []string{"net=" + host}}
				if _, err := modtest.Eval(t, o, string(text)); err != nil {
					t.Error(err)
				}
			})
		}
	})
}

// TestCutTransaction: what a handler wrote that was cut is rolled back, and the
// database goes on.
func TestCutTransaction(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	eval := func(limit time.Duration, script string) (string, error) {
		var out bytes.Buffer
		rt, err := luaapi.Load(context.Background(), luaapi.Options{
			Name: "test", Path: "test.lua", Source: []byte(script), NoBot: true, Print: &out,
			CPULimit: limit, Session: luaapi.Session{FilesDir: dir, DataDir: dir},
		})
		if err == nil {
			rt.Close()
		}
		return out.String(), err
	}
	if _, err := eval(0, `require("sql").open("x.db"):exec "CREATE TABLE t (n)"`); err != nil {
		t.Fatal(err)
	}
	if _, err := eval(100*time.Millisecond, `local db = require("sql").open "x.db"
		db:transaction(function(tx)
			tx:exec "INSERT INTO t VALUES (1)"
			while true do end
		end)`); err == nil {
		t.Fatal("the handler was not cut")
	}
	out, err := eval(0, `print(require("sql").open("x.db"):one("SELECT count(*) AS n FROM t").n)`)
	if err != nil || strings.TrimSpace(out) != "0" {
		t.Errorf("got %q, %v", out, err)
	}
}
