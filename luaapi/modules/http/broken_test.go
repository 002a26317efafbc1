package httpmod_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// Clients that send nonsense are refused before any Lua runs, and the server
// goes on.
func TestServeBroken(t *testing.T) {
	t.Parallel()
	b := serveBot(t, serveScript("", `
	local calls = 0
	server:any("/{path...}", function(req) calls = calls + 1 return tostring(calls) end)`))
	for _, tc := range []struct{ name, send, want string }{
		{"broken chunks", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", "400"},
		{"a chunk without an end", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc", "400"},
		{"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"},
		{"a length below zero", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400"},
		{"another coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "501"},
		{"no host", "GET / HTTP/1.1\r\n\r\n", "400"},
		{"a NUL in a header", "GET / HTTP/1.1\r\nHost: x\r\nX-A: a\x00b\r\n\r\n", "400"},
		{"a space in a header's name", "GET / HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n", "400"},
		{"a header too large", "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 40<<10) + "\r\n\r\n", "431"},
		{"no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400"},
		{"another protocol", "EHLO example.org\r\n\r\n", "400"},
		{"a bad escape", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(b.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(20 * time.Second))
		io.WriteString(conn, tc.send)
		if tc.name == "a chunk without an end" {
			conn.(*net.TCPConn).CloseWrite()
		}
		status := make([]byte, 12)
		if _, err := io.ReadFull(conn, status); err != nil || string(status[9:]) != tc.want {
			t.Errorf("%s: got %q, %v", tc.name, status, err)
		}
		conn.Close()
	}
	if status, got, _ := b.ask("GET", "/", ""); status != 200 || got != "1" {
		t.Errorf("got %d %q", status, got)
	}
}
