package httpmod_test

import (
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// A generation that ends gives up its requests: the server, which waits for the
// client to go, could not be closed otherwise.
func TestCut(t *testing.T) {
	t.Parallel()
	web, out := newWeb(t, ""), &testkit.Buffer{}
	rt, err := luaapi.Load(t.Context(), luaapi.Options{
		Name: "bot", Path: "bot.lua", Print: out, Grants: permission.Set{Net: []string{"127.0.0.1"}},
		Source: []byte(`local http = require "http"
			bot.spawn(function() http.get("` + web.URL + `/slow", { stream = function(chunk) print(chunk) end, timeout = "5m" }) end)
			bot.spawn(function() http.get("` + web.URL + `/silent", { timeout = "5m" }) end)`),
	})
	if err != nil {
		t.Fatal(err)
	}
	rt.Start(t.Context(), "start")
	if got := out.Wait(t, "\n", 1); got != "the beginning\n" {
		t.Errorf("got %q", got)
	}
	rt.Close()
}
