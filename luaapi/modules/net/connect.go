package netmod

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

// connectOptions are what net.connect takes.
type connectOptions struct {
	Host string `lua:"host"`
	Port int    `lua:"port"`
	// TLS is true or a table of tlsOptions.
	TLS     lua.LValue    `lua:"tls"`
	Timeout time.Duration `lua:"timeout"`
}

// tlsOptions are what conn:start_tls takes, and the table tls of net.connect.
type tlsOptions struct {
	// ServerName is whose certificate the server must show; "" is the host.
	ServerName string `lua:"server_name"`
	// CA are certificates in PEM that are trusted in place of the system's.
	CA      string        `lua:"ca"`
	Timeout time.Duration `lua:"timeout"`
}

// config checks the options. The certificate is always verified.
func (o tlsOptions) config(host string) (*tls.Config, error) {
	c := &tls.Config{ServerName: o.ServerName, MinVersion: tls.VersionTLS12}
	if c.ServerName == "" {
		c.ServerName = strings.TrimSuffix(host, ".")
	}
	if o.CA != "" {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM([]byte(o.CA)) {
			return nil, errors.New("ca: there is no certificate in PEM form in it")
		}
	}
	return c, nil
}

// connect is net.connect{ host=, port=, … } → conn.
func (lib *library) connect(L *lua.LState) int {
	const what = "net.connect"
	o := connectOptions{Timeout: defaultTimeout}
	lib.vm.Options(L, 1, what, &o)
	switch {
	case o.Host == "":
		module.Argument(lib.vm, L, `%s: host is missing, as in { host = "irc.example.org", port = 6697, tls = true }`, what)
	case o.Port < 1 || o.Port > 65535:
		module.Argument(lib.vm, L, "%s.port: want 1 to 65535, got %d", what, o.Port)
	}
	module.Timeout(lib.vm, L, what+".timeout", o.Timeout)
	secure := lib.readTLS(L, what+".tls", o)
	c := &conn{lib: lib, host: o.Host, reading: make(chan struct{}, 1), writing: make(chan struct{}, 1)}
	wanted := false
	defer func() {
		if !wanted { // it failed, or the handler was cut
			lib.conns.Drop(c)
		}
	}()
	lib.vm.Wait(L, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, o.Timeout)
		defer cancel()
		err := c.dial(ctx, net.JoinHostPort(o.Host, strconv.Itoa(o.Port)), secure)
		return explain(fmt.Sprintf("%s: %s:%d", what, o.Host, o.Port), o.Timeout, err)
	})
	wanted = true
	L.Push(&lua.LUserData{Value: c, Metatable: lib.class})
	return 1
}

// readTLS returns nil for a connection without TLS.
func (lib *library) readTLS(L *lua.LState, what string, o connectOptions) *tls.Config {
	var t tlsOptions
	switch v := o.TLS.(type) {
	case nil:
		return nil
	case lua.LBool:
		if !v {
			return nil
		}
	case *lua.LTable:
		L.Push(v)
		lib.vm.Options(L, L.GetTop(), what, &t)
		L.Pop(1)
		if t.Timeout != 0 {
			module.Argument(lib.vm, L, "%s.timeout: the time-out of the connection is meant for all of it", what)
		}
	default:
		module.Argument(lib.vm, L, "%s: want true or a table, got a %s", what, v.Type())
	}
	config, err := t.config(o.Host)
	if err != nil {
		module.Argument(lib.vm, L, "%s.%v", what, err)
	}
	return config
}

// dial connects and, with a config, secures the connection.
func (c *conn) dial(ctx context.Context, address string, secure *tls.Config) error {
	if err := c.lib.conns.Add(c); err != nil {
		return err
	}
	socket, err := c.lib.dialer.DialContext(ctx, "tcp", address)
	if err == nil && secure != nil {
		socket, err = handshake(ctx, socket, secure)
	}
	if err != nil {
		return err
	}
	c.remote = socket.RemoteAddr().String()
	if !c.use(socket) {
		return net.ErrClosed
	}
	return nil
}

// handshake secures a connection; it closes the connection if it cannot.
func handshake(ctx context.Context, socket net.Conn, config *tls.Config) (net.Conn, error) {
	t := tls.Client(socket, config)
	if err := t.HandshakeContext(ctx); err != nil {
		socket.Close()
		return nil, err
	}
	return t, nil
}
