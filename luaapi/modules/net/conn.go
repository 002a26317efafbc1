package netmod

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

const (
	defaultLine = 64 << 10
	maxRead     = 16 << 20
)

// conn is a connection. Reads come one after the other, so do writes; a read
// and a write go on side by side.
type conn struct {
	lib    *library
	host   string
	remote string
	// reading and writing hold a token while somebody reads or writes.
	reading, writing chan struct{}

	mu     sync.Mutex // guards socket and closed
	socket net.Conn   // nil until it is connected
	closed bool

	in stream // whoever holds the token of reading uses it
}

// use makes the connection read and write a socket; false where it was closed
// meanwhile. Nobody reads or writes then.
func (c *conn) use(socket net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		socket.Close()
		return false
	}
	c.socket, c.in.from = socket, socket
	return true
}

// shut closes the connection; whoever reads or writes gets an error.
func (c *conn) shut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.socket != nil {
		c.socket.Close()
	}
}

func (c *conn) open() (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, net.ErrClosed
	}
	return c.socket, nil
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// hold runs fn with a token, while deadline stops the socket when ctx ends or
// after timeout (0 for never) of the script's time.
func (c *conn) hold(ctx context.Context, token chan struct{}, deadline func(net.Conn, time.Time) error, timeout time.Duration, fn func(net.Conn) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if timeout > 0 {
		defer c.lib.vm.AfterFunc(timeout, func() { cancel(context.DeadlineExceeded) })()
	}
	select {
	case token <- struct{}{}:
		defer func() { <-token }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	socket, err := c.open()
	if err != nil {
		return err
	}
	_ = deadline(socket, time.Time{}) // a socket that is closed says so below
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(over)
		_ = deadline(socket, past)
	})
	err = fn(socket)
	if !stop() {
		<-over // or else it would stop the next one
		if err != nil {
			return context.Cause(ctx)
		}
	}
	return err
}

// readOptions are what reads take.
type readOptions struct {
	Timeout time.Duration `lua:"timeout"` // 0 is none
	Max     int           `lua:"max"`
}

// read runs a read and pushes what it got, nil at the end of the stream.
func (lib *library) read(L *lua.LState, c *conn, what string, o readOptions, fn func() ([]byte, error)) int {
	var got []byte
	ended := false
	lib.vm.Rest(L, func(ctx context.Context) error {
		err := c.hold(ctx, c.reading, net.Conn.SetReadDeadline, o.Timeout, func(net.Conn) (err error) {
			got, err = fn()
			return err
		})
		switch err {
		case io.EOF:
			ended = true
			return nil
		case errLong:
			return module.Errorf(module.ErrLimit, "%s: the line is longer than %d bytes; it stays unread, max sets the bound", what, o.Max)
		}
		return explain(what, o.Timeout, err)
	})
	if ended {
		L.Push(lua.LNil)
	} else {
		L.Push(lua.LString(got))
	}
	return 1
}

func (lib *library) this(L *lua.LState, method string) *conn {
	return module.This[*conn](lib.vm, L, "conn", method)
}

func (lib *library) readOptions(L *lua.LState, n int, what string, o readOptions) readOptions {
	lib.vm.Options(L, n, what, &o)
	if o.Timeout > module.MaxTimeout {
		module.Argument(lib.vm, L, "%s.timeout: want at most %v; without one it waits for as long as it takes", what, module.MaxTimeout)
	}
	if o.Max < 1 || o.Max > maxRead {
		module.Argument(lib.vm, L, "%s.max: want 1 to %d bytes", what, maxRead)
	}
	return o
}

// connClass makes the class of connections.
func (lib *library) connClass(L *lua.LState) *lua.LTable {
	class := lib.vm.Class(L, "conn", map[string]lua.LGFunction{
		"read_line": lib.readLine, "read": lib.readExactly, "read_some": lib.readSome,
		"write": lib.write, "close": lib.closeConn, "start_tls": lib.startTLS,
	})
	module.AddFields(L, class, map[string]func(*lua.LUserData) lua.LValue{
		"remote": func(ud *lua.LUserData) lua.LValue { return lua.LString(ud.Value.(*conn).remote) },
	})
	return class
}

// readLine is conn:read_line([options]) → text or nil.
func (lib *library) readLine(L *lua.LState) int {
	const what = "conn:read_line"
	c := lib.this(L, "read_line")
	o := lib.readOptions(L, 2, what, readOptions{Max: defaultLine})
	return lib.read(L, c, what, o, func() ([]byte, error) { return c.in.line(o.Max) })
}

// readExactly is conn:read(n[, options]) → bytes or nil.
func (lib *library) readExactly(L *lua.LState) int {
	const what = "conn:read"
	c := lib.this(L, "read")
	n := int(module.Int(lib.vm, L, 2, what, 1, maxRead))
	o := lib.readOptions(L, 3, what, readOptions{Max: n})
	if o.Max != n {
		module.Argument(lib.vm, L, "%s: max is not for read, which takes the number of bytes", what)
	}
	return lib.read(L, c, what, o, func() ([]byte, error) { return c.in.exactly(n) })
}

// readSome is conn:read_some([options]) → bytes or nil.
func (lib *library) readSome(L *lua.LState) int {
	const what = "conn:read_some"
	c := lib.this(L, "read_some")
	o := lib.readOptions(L, 2, what, readOptions{Max: defaultLine})
	return lib.read(L, c, what, o, func() ([]byte, error) { return c.in.some(o.Max) })
}

// writeOptions are what conn:write takes.
type writeOptions struct {
	Timeout time.Duration `lua:"timeout"`
}

// write is conn:write(data[, options]). Where it fails, part of the data may
// have been sent, and the connection is closed.
func (lib *library) write(L *lua.LState) int {
	const what = "conn:write"
	c := lib.this(L, "write")
	data := module.String(lib.vm, L, 2, what)
	o := writeOptions{Timeout: defaultTimeout}
	lib.vm.Options(L, 3, what, &o)
	module.Timeout(lib.vm, L, what+".timeout", o.Timeout)
	lib.vm.Wait(L, func(ctx context.Context) error {
		err := c.hold(ctx, c.writing, net.Conn.SetWriteDeadline, o.Timeout, func(socket net.Conn) error {
			_, err := io.WriteString(socket, data)
			if err != nil {
				c.shut() // nobody knows how much of it went out
			}
			return err
		})
		return explain(what, o.Timeout, err)
	})
	return 0
}

// closeConn is conn:close().
func (lib *library) closeConn(L *lua.LState) int {
	c := lib.this(L, "close")
	lib.conns.Drop(c)
	return 0
}

// startTLS is conn:start_tls([options]): secures a connection that began without.
func (lib *library) startTLS(L *lua.LState) int {
	const what = "conn:start_tls"
	c := lib.this(L, "start_tls")
	o := tlsOptions{Timeout: defaultTimeout}
	lib.vm.Options(L, 2, what, &o)
	module.Timeout(lib.vm, L, what+".timeout", o.Timeout)
	config, err := o.config(c.host)
	if err != nil {
		module.Argument(lib.vm, L, "%s.%v", what, err)
	}
	lib.vm.Wait(L, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, o.Timeout)
		defer cancel()
		err := c.hold(ctx, c.reading, net.Conn.SetReadDeadline, 0, func(net.Conn) error {
			return c.hold(ctx, c.writing, net.Conn.SetWriteDeadline, 0, func(socket net.Conn) error {
				if len(c.in.buf) > 0 {
					c.shut()
					return module.Errorf(module.ErrData, "%s: the server sent something before the connection was secure, which is not to be trusted", what)
				}
				secured, err := handshake(ctx, socket, config)
				if err != nil {
					c.shut()
					return err
				}
				c.use(secured)
				return nil
			})
		})
		return explain(what, o.Timeout, err)
	})
	return 0
}
