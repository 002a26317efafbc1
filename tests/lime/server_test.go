package lime

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// envelope is one as it travels.
type envelope = map[string]any

// peer is the server's end of a connection.
type peer struct {
	mu    sync.Mutex // guards write
	read  func() ([]byte, error)
	write func([]byte) error
	// secure goes over to TLS; nil where that cannot be.
	secure func() error
}

// get returns the next envelope, nil at the end.
func (p *peer) get() envelope {
	var e envelope
	if frame, err := p.read(); err != nil || json.Unmarshal(frame, &e) != nil {
		return nil
	}
	return e
}

// each calls fn with what comes until the client finishes or is gone.
func (p *peer) each(fn func(envelope)) {
	for e := p.get(); e != nil && e["state"] != "finishing"; e = p.get() {
		fn(e)
	}
}

func (p *peer) put(e envelope) {
	frame, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	p.raw(string(frame))
}

func (p *peer) raw(frame string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.write([]byte(frame)) // the client may be gone
}

// listenWS serves WebSockets until the test ends and returns the address.
func listenWS(t *testing.T, serve func(*peer)) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"lime"}})
		if err != nil {
			return
		}
		defer conn.CloseNow()
		if conn.Subprotocol() != "lime" {
			t.Errorf("the client asked for %v", r.Header["Sec-Websocket-Protocol"])
		}
		conn.SetReadLimit(1 << 20)
		serve(&peer{
			read:  func() ([]byte, error) { _, b, err := conn.Read(ctx); return b, err },
			write: func(b []byte) error { return conn.Write(ctx, websocket.MessageText, b) },
		})
		_ = conn.Close(websocket.StatusNormalClosure, "")
	}))
	t.Cleanup(func() {
		cancel()
		server.Close()
	})
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

// certificate is one for 127.0.0.1 and example.com, and its authority in PEM.
func certificate(t *testing.T) (*tls.Config, string) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return &tls.Config{Certificates: server.TLS.Certificates}, string(ca)
}

// listenTCP serves TCP until the test ends and returns the address. With a
// config, clients can go over to TLS.
func listenTCP(t *testing.T, config *tls.Config, serve func(*peer)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex // guards conns
	var conns []net.Conn
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			all.Go(func() {
				defer conn.Close()
				serve(tcpPeer(conn, config))
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		mu.Lock()
		for _, conn := range conns {
			conn.Close()
		}
		mu.Unlock()
		all.Wait()
	})
	return listener.Addr().String()
}

func tcpPeer(conn net.Conn, config *tls.Config) *peer {
	decoder := json.NewDecoder(conn)
	p := &peer{
		read: func() ([]byte, error) {
			var raw json.RawMessage
			err := decoder.Decode(&raw)
			return raw, err
		},
		write: func(b []byte) error { _, err := conn.Write(b); return err },
	}
	if config != nil {
		p.secure = func() error {
			secured := tls.Server(conn, config)
			if err := secured.Handshake(); err != nil {
				return err
			}
			conn, decoder, p.secure = secured, json.NewDecoder(secured), nil
			return nil
		}
	}
	return p
}
