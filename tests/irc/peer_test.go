package irc

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// peer is somebody with an IRC client of the plainest kind.
type peer struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

// dial connects somebody and lets them join a channel. They leave with the test.
func dial(t *testing.T, s *ngircd, nick string, channels ...string) *peer {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	p := &peer{t: t, conn: conn, in: bufio.NewReader(conn)}
	p.send("NICK " + nick)
	p.send("USER " + nick + " 0 * :" + nick)
	p.hear(" 376 ", " 422 ")
	for _, c := range channels {
		p.send("JOIN " + c)
		p.hear(" 366 ")
	}
	return p
}

func (p *peer) send(line string) {
	p.t.Helper()
	if _, err := fmt.Fprintf(p.conn, "%s\r\n", line); err != nil {
		p.t.Fatal(err)
	}
}

// hear reads lines up to one with one of the texts in it, and returns it.
func (p *peer) hear(texts ...string) string {
	p.t.Helper()
	var got []string
	_ = p.conn.SetReadDeadline(time.Now().Add(patience))
	for {
		line, err := p.in.ReadString('\n')
		if err != nil {
			p.t.Fatalf("want %q: %v, after\n%s", texts, err, strings.Join(got, ""))
		}
		for _, text := range texts {
			if strings.Contains(line, text) {
				return strings.TrimRight(line, "\r\n")
			}
		}
		if rest, ok := strings.CutPrefix(line, "PING "); ok {
			p.send("PONG " + strings.TrimSpace(rest))
		}
		got = append(got, line)
	}
}

// online waits until somebody is on the server.
func (p *peer) online(nick string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		p.send("ISON " + nick)
		if strings.HasSuffix(strings.TrimSpace(p.hear(" 303 ")), ":"+nick) {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("%s is not online", nick)
		}
	}
}

// here waits until somebody is on a channel.
func (p *peer) here(channel, nick string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		p.send("NAMES " + channel)
		line := p.hear(" 353 ", " 366 ")
		if strings.Contains(line, " 353 ") {
			p.hear(" 366 ")
			if strings.Contains(line+" ", nick+" ") || strings.Contains(line+" ", nick+"\r") {
				return
			}
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("%s is not on %s", nick, channel)
		}
	}
}
