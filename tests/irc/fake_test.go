package irc

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/tests/simbot"
)

// fake is a server that says what a test tells it to.
type fake struct {
	t *testing.T
	l net.Listener
	// pem is the certificate of one with TLS.
	pem string

	mu  sync.Mutex // guards all
	all []*session
}

// session is one connection to a fake server.
type session struct {
	net.Conn
	in *bufio.Reader
}

// serve starts a server that runs talk for each connection. It ends with the
// test; talk ends when its connection does.
func serve(t *testing.T, secure bool, talk func(s *session, nth int)) *fake {
	t.Helper()
	f := &fake{t: t}
	var err error
	if f.l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if secure {
		f.l = tls.NewListener(f.l, f.certificate())
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for nth := 1; ; nth++ {
			conn, err := f.l.Accept()
			if err != nil {
				return
			}
			s := &session{Conn: conn, in: bufio.NewReader(conn)}
			f.mu.Lock()
			f.all = append(f.all, s)
			f.mu.Unlock()
			talks.Go(func() {
				defer conn.Close()
				talk(s, nth)
			})
		}
	})
	t.Cleanup(func() {
		f.l.Close()
		f.mu.Lock()
		for _, s := range f.all {
			s.Close()
		}
		f.mu.Unlock()
		talks.Wait()
	})
	return f
}

// certificate makes one for 127.0.0.1.
func (f *fake) certificate() *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		f.t.Fatal(err)
	}
	f.pem = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func (f *fake) env() map[string]string {
	return map[string]string{"PORT": strconv.Itoa(f.l.Addr().(*net.TCPAddr).Port), "CA": f.pem}
}

// run runs a script with the server until it stops.
func (f *fake) run(name string) *simbot.Lines { return run(f.t, name, f.env()) }

// line reads a line; "" at the end of the connection.
func (s *session) line() string {
	text, err := s.in.ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimRight(text, "\r\n")
}

// until reads lines up to one that begins so, and returns it.
func (s *session) until(prefix string) string {
	for {
		if text := s.line(); text == "" || strings.HasPrefix(text, prefix) {
			return text
		}
	}
}

// send writes lines.
func (s *session) send(lines ...string) {
	for _, l := range lines {
		fmt.Fprintf(s, "%s\r\n", l)
	}
}

// welcome lets a client in, by its own nick.
func (s *session) welcome() {
	nick := strings.TrimPrefix(s.until("NICK "), "NICK ")
	s.until("USER ")
	s.send(":fake 001 "+nick+" :Welcome", ":fake 422 "+nick+" :no motd")
}
