package netmod_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

// certificate is one for example.com and 127.0.0.1, and itself as PEM.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	c := s.TLS.Certificates[0]
	return c, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]}))
}

// listen serves each connection until the test has ended.
func listen(t *testing.T, serve func(net.Conn)) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() {
		l.Close()
		all.Wait()
	})
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.SetDeadline(time.Now().Add(20 * time.Second))
			all.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	})
	return l.Addr().String()[len("127.0.0.1:"):]
}

// talk answers lines: each with itself, and some words with something special.
func talk(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch strings.TrimSpace(line) {
		case "long":
			conn.Write(append(bytes.Repeat([]byte("x"), 100_000), "\r\nafter\r\n"...))
		case "endless":
			for err == nil {
				_, err = conn.Write(bytes.Repeat([]byte("x"), 1<<16))
			}
			return
		case "bytes":
			conn.Write([]byte("\x00\xff\xc3\n12345"))
		case "half":
			io.WriteString(conn, "no end of line")
			return
		case "reset":
			conn.(*net.TCPConn).SetLinger(0)
			return
		case "quiet":
		default:
			fmt.Fprintf(conn, "echo %s", line)
		}
	}
}

func fixture(t *testing.T) modtest.Options {
	t.Helper()
	cert, ca := certificate(t)
	config := &tls.Config{Certificates: []tls.Certificate{cert}}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	return modtest.Options{
		Grants: []string{"net=127.0.0.1"},
		Globals: map[string]string{
			"CA": ca, "CLOSED": closed.Addr().String()[len("127.0.0.1:"):],
			"TALK":   listen(t, talk),
			"SECURE": listen(t, func(c net.Conn) { talk(tls.Server(c, config)) }),
			"UPGRADE": listen(t, func(c net.Conn) {
				io.WriteString(c, "ready\r\n")
				if _, err := c.Read(make([]byte, 100)); err == nil {
					io.WriteString(c, "go\r\n")
					talk(tls.Server(c, config))
				}
			}),
			"INJECT": listen(t, func(c net.Conn) {
				io.WriteString(c, "go\r\nand more before it is secure\r\n")
				c.Read(make([]byte, 100))
			}),
			"SILENT": listen(t, func(c net.Conn) { io.Copy(io.Discard, c) }),
		},
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
		{"nothing", "net=example.org", `net.connect { host = "127.0.0.1", port = tonumber(TALK) }`, "--allow net=127.0.0.1:"},
		{"everything public", "net=*", `net.connect { host = "127.0.0.1", port = tonumber(TALK) }`, "--allow net=127.0.0.1:"},
		{"other port", "net=127.0.0.1:1", `net.connect { host = "127.0.0.1", port = tonumber(TALK) }`, "--allow net=127.0.0.1:"},
		{"in hex", "net=*", `net.connect { host = "0x7f.1", port = 80 }`, "--allow net=127.0.0.1:80"},
		{"by name", "net=*", `net.connect { host = "localhost", port = 80 }`, "--allow net=localhost:80"},
		{"name servers", "net=example.org", `net.lookup_srv("lime", "tcp", "other.example")`, "--allow net=other.example"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := o
			o.Grants = []string{tc.grant}
			printed, err := modtest.Eval(t, o, `local net = require "net"
				local ok, e = pcall(function() `+tc.script+` end)
				print(ok, e.type, e.message)`)
			if err != nil || !strings.HasPrefix(printed, "false\tpermission\t") || !strings.Contains(printed, tc.want) {
				t.Errorf("got %q, %v", printed, err)
			}
		})
	}
}
