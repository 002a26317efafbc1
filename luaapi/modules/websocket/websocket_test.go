package websocketmod_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// talk answers messages: each with itself, and some words with something special.
func talk(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"lime", "chat"}})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(1 << 20)
	ctx := r.Context()
	for {
		typ, data, err := conn.Read(ctx)
		if err != nil {
			return
		}
		switch string(data) {
		case "header":
			conn.Write(ctx, websocket.MessageText, []byte(r.Header.Get("X-Own")))
		case "bye":
			conn.Close(4001, "as you like")
			return
		case "drop":
			return
		case "big":
			conn.Write(ctx, websocket.MessageBinary, bytes.Repeat([]byte("x"), 2<<20))
		case "not utf-8":
			conn.Write(ctx, websocket.MessageText, []byte("\xc3\x28"))
		case "flood":
			for err == nil {
				err = conn.Write(ctx, websocket.MessageBinary, bytes.Repeat([]byte("x"), 1<<16))
			}
			return
		case "quiet":
		default:
			conn.Write(ctx, typ, append([]byte("echo "), data...))
		}
	}
}

func fixture(t *testing.T) modtest.Options {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	mux := http.NewServeMux()
	mux.HandleFunc("/talk", func(w http.ResponseWriter, r *http.Request) { talk(w, r.WithContext(ctx)) })
	mux.HandleFunc("/silent", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("no socket")) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://localhost:1/talk", http.StatusFound)
	})
	plain, secure := httptest.NewServer(mux), httptest.NewTLSServer(mux)
	t.Cleanup(func() {
		cancel()
		plain.Close()
		secure.Close()
	})
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw})
	return modtest.Options{
		Grants:  []string{"net=127.0.0.1"},
		Globals: map[string]string{"WS": "ws" + strings.TrimPrefix(plain.URL, "http"), "WSS": "wss" + strings.TrimPrefix(secure.URL, "https"), "CA": string(ca)},
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	modtest.Run(t, fixture(t))
}

func TestWalls(t *testing.T) {
	t.Parallel()
	o := fixture(t)
	for _, tc := range []struct{ name, grant, script, want string }{
		{"nothing", "net=example.org", `websocket.connect(WS .. "/talk")`, "--allow net=127.0.0.1:"},
		{"everything public", "net=*", `websocket.connect(WS .. "/talk")`, "--allow net=127.0.0.1:"},
		{"redirect", "net=127.0.0.1", `websocket.connect(WS .. "/away")`, "--allow net=localhost:1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := o
			o.Grants = []string{tc.grant}
			printed, err := modtest.Eval(t, o, `local websocket = require "websocket"
				local ok, e = pcall(function() `+tc.script+` end)
				print(ok, e.type, e.message)`)
			if err != nil || !strings.HasPrefix(printed, "false\tpermission\t") || !strings.Contains(printed, tc.want) {
				t.Errorf("got %q, %v", printed, err)
			}
		})
	}
}
