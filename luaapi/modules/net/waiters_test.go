package netmod_test

import (
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
	"github.com/simplex-lua/simplex-lua/luaapi"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// wait returns what was printed when it has that many lines.
func start(t *testing.T, script string) (*luaapi.Runtime, *testkit.Buffer) {
	t.Helper()
	out := &testkit.Buffer{}
	rt, err := luaapi.Load(t.Context(), luaapi.Options{
		Name: "bot", Path: "bot.lua", Source: []byte(script), Print: out, Grants: permission.Set{Net: []string{"127.0.0.1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	rt.Start(t.Context(), "start")
	return rt, out
}

// Several handlers read from one connection: each line comes to one of them,
// and whoever still waits when it is closed hears of it.
func TestSeveralReaders(t *testing.T) {
	t.Parallel()
	_, out := start(t, `
	local net = require "net"
	local n = 0
	bot.spawn(function()
	  local conn = net.connect { host = "127.0.0.1", port = `+listen(t, talk)+` }
	  for _ = 1, 3 do
	    bot.spawn(function()
	      local ok, line = pcall(conn.read_line, conn)
	      print(ok and line or line.type)
	      n = n + 1
	      if n == 2 then conn:close() end
	    end)
	  end
	  conn:write("a\n")
	  conn:write("b\n")
	end)`)
	got := strings.Fields(out.Wait(t, "\n", 3))
	if slices.Sort(got); strings.Join(got, " ") != "a b closed echo echo" {
		t.Errorf("got %q", got)
	}
}

// A generation that ends closes its connections, and readers do not hold it up.
func TestEnd(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	port := listen(t, func(c net.Conn) {
		c.Write([]byte("hello\n"))
		c.Read(make([]byte, 1))
		close(gone)
	})
	rt, out := start(t, `
	local net = require "net"
	bot.spawn(function()
	  local conn = net.connect { host = "127.0.0.1", port = `+port+` }
	  print(conn:read_line())
	  conn:read_line()
	end)`)
	out.Wait(t, "\n", 1)
	rt.Close()
	select {
	case <-gone:
	case <-time.After(20 * time.Second):
		t.Error("the connection is still open")
	}
}

// While a script is loading, nothing is dialled.
func TestLoading(t *testing.T) {
	t.Parallel()
	for _, call := range []string{
		`require("net").connect { host = "127.0.0.1", port = 1 }`, `require("net").lookup_srv("a", "tcp", "127.0.0.1")`,
		`require("http").get("http://127.0.0.1:1/")`, `require("websocket").connect("ws://127.0.0.1:1/")`,
	} {
		rt, err := luaapi.Load(t.Context(), luaapi.Options{
			Name: "bot", Path: "bot.lua", Source: []byte(call), Grants: permission.Set{Net: []string{"127.0.0.1"}},
		})
		if err == nil {
			rt.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "put it in bot.on_start") {
			t.Errorf("%s: got %v", call, err)
		}
	}
}
