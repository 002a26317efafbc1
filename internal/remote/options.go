package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"
)

const (
	// MaxCommand is how long a command may be, in bytes. The core itself takes far
	// less, and the program needs seconds to read more.
	MaxCommand = 4 << 20
	// MaxFrame is how long a reply or event may be, in bytes. A longer one ends the
	// session.
	MaxFrame = 64 << 20
	// commandLinks is how many commands the program does side by side.
	commandLinks = 4
)

// Options say how a Core connects.
type Options struct {
	// URL is where the chat program listens: ws://127.0.0.1:5225, or wss:// where
	// something in front of it adds TLS.
	URL string
	// Insecure allows ws:// to other machines: everybody on the way can read and
	// write everything.
	Insecure bool
	// Token is sent as "Authorization: Bearer", "" for none: the program asks for
	// none, but a proxy in front of it may.
	Token string
	// Log takes what happens to the connection; nil discards it.
	Log *slog.Logger
	// Timeout is how long a command may take, the wait for its turn and for a
	// connection included; 0 is 2 min.
	Timeout time.Duration
	// PingEvery is how often each link is tried, PingTimeout how long the answer may
	// take before the connection counts as lost; 0 is 20 s and 30 s.
	PingEvery, PingTimeout time.Duration
	// FirstPause and LastPause bound the time before the next try to connect; 0 is
	// 100 ms and 30 s.
	FirstPause, LastPause time.Duration
	// ProbeTimeout is how long the event may take that is made to find out who gets
	// the events; 0 is 5 s, negative makes none.
	ProbeTimeout time.Duration

	// 0 are the constants; tests have less.
	queueBytes, maxFrame int
	probeLife            time.Duration
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Timeout = cmp.Or(o.Timeout, 2*time.Minute)
	o.PingEvery = cmp.Or(o.PingEvery, 20*time.Second)
	o.PingTimeout = cmp.Or(o.PingTimeout, 30*time.Second)
	o.FirstPause = cmp.Or(o.FirstPause, 100*time.Millisecond)
	o.LastPause = cmp.Or(o.LastPause, 30*time.Second)
	o.ProbeTimeout = cmp.Or(o.ProbeTimeout, 5*time.Second)
	o.queueBytes = cmp.Or(o.queueBytes, queueBytes)
	o.maxFrame = cmp.Or(o.maxFrame, MaxFrame)
	o.probeLife = cmp.Or(o.probeLife, probeLife)
	return o
}

// Check returns an *AddressError where the address cannot be used, or not
// without Insecure. It looks nothing up.
func (o Options) Check() error {
	u, err := url.Parse(o.URL)
	if err != nil {
		var inner *url.Error // quotes the address, which may hold a password
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return &AddressError{Address: "?", Problem: "it is no address: " + err.Error(), Advice: "Write it as ws://127.0.0.1:5225."}
	}
	wrong := func(problem, advice string) error {
		return &AddressError{Address: shown(u), Problem: problem, Advice: advice}
	}
	switch {
	case u.Scheme != "ws" && u.Scheme != "wss", u.Host == "", u.Hostname() == "":
		return wrong("it is no WebSocket address", "Write it as ws://127.0.0.1:5225.")
	case u.User != nil:
		return wrong("there is a name or password in it", "Leave it out; a token for a proxy is given by core_token_file or $SIMPLEX_LUA_CORE_TOKEN.")
	case u.Scheme == "ws" && !isLoopback(u.Hostname()) && !o.Insecure:
		return wrong("it is on another machine and without TLS; the chat program asks for no password either",
			"Use wss:// and a proxy, or a tunnel to ws://127.0.0.1; --insecure-core does it all the same.")
	case strings.ContainsAny(o.Token, "\r\n"):
		return wrong("its token has more than one line", "Keep one line in it.")
	}
	return nil
}

// shown is the address without what may be secret.
func shown(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// dialer opens connections.
type dialer struct {
	url       string
	header    http.Header
	transport *http.Transport
	maxFrame  int
}

func newDialer(o Options) *dialer {
	d := &dialer{url: o.URL, header: http.Header{}, transport: http.DefaultTransport.(*http.Transport).Clone(), maxFrame: o.maxFrame}
	if o.Token != "" {
		d.header.Set("Authorization", "Bearer "+o.Token)
	}
	return d
}

// dial follows no redirect: it might lead where nobody meant the token to go.
func (d *dialer) dial(ctx context.Context) (*websocket.Conn, error) {
	client := &http.Client{
		Transport:     d.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	conn, answer, err := websocket.Dial(ctx, d.url, &websocket.DialOptions{HTTPClient: client, HTTPHeader: d.header.Clone()})
	if err != nil {
		if answer != nil && answer.StatusCode != http.StatusSwitchingProtocols {
			return nil, fmt.Errorf("the answer is %s, as of no chat program", answer.Status)
		}
		return nil, innermost(err)
	}
	conn.SetReadLimit(int64(d.maxFrame))
	return conn, nil
}

// innermost leaves out the layers that repeat what was being done.
func innermost(err error) error {
	var inner *url.Error
	if errors.As(err, &inner) {
		return inner.Err
	}
	return err
}
