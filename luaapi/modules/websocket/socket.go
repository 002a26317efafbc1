package websocketmod

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
)

const (
	// So many messages, of so many bytes at most, wait to be received; above it
	// nothing more is read from the server.
	maxQueued      = 64
	maxQueuedBytes = 16 << 20
)

// socket is a connection. All methods are safe for use by several goroutines.
type socket struct {
	conn  *websocket.Conn
	limit int64
	// ctx ends when the socket is dropped.
	ctx    context.Context
	cancel context.CancelFunc
	// messages is closed when nothing more comes; end tells why.
	messages chan message

	mu  sync.Mutex // guards end
	end *websocket.CloseError
}

type message struct {
	kind string
	data []byte
}

// pump reads until the connection ends.
func (s *socket) pump() {
	defer close(s.messages)
	defer s.conn.CloseNow()
	for {
		typ, data, err := s.conn.Read(s.ctx)
		if err == nil && typ == websocket.MessageText && !utf8.Valid(data) {
			err = websocket.CloseError{Code: websocket.StatusInvalidFramePayloadData, Reason: "a text that is not UTF-8"}
			_ = s.conn.Close(websocket.StatusInvalidFramePayloadData, "not UTF-8")
		}
		if err != nil {
			s.ended(s.why(err))
			return
		}
		m := message{"text", data}
		if typ == websocket.MessageBinary {
			m.kind = "binary"
		}
		select {
		case s.messages <- m:
		case <-s.ctx.Done():
			s.ended(s.why(s.ctx.Err()))
			return
		}
	}
}

// why is the code and the reason that a connection ended with.
func (s *socket) why(err error) websocket.CloseError {
	var told websocket.CloseError
	switch {
	case errors.As(err, &told):
		return told
	case errors.Is(err, websocket.ErrMessageTooBig):
		return websocket.CloseError{Code: websocket.StatusMessageTooBig, Reason: fmt.Sprintf("a message of more than %d bytes", s.limit)}
	}
	return websocket.CloseError{Code: websocket.StatusAbnormalClosure}
}

// ended keeps the first end.
func (s *socket) ended(e websocket.CloseError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end == nil {
		s.end = &e
	}
}

// drop ends the connection without a word.
func (s *socket) drop() {
	s.cancel()
	_ = s.conn.CloseNow()
}

func (lib *library) this(L *lua.LState, method string) *socket {
	return module.This[*socket](lib.vm, L, "ws", method)
}

// socketClass makes the class of sockets.
func (lib *library) socketClass(L *lua.LState) *lua.LTable {
	class := lib.vm.Class(L, "ws", map[string]lua.LGFunction{
		"send":        func(L *lua.LState) int { return lib.send(L, "send", websocket.MessageText) },
		"send_binary": func(L *lua.LState) int { return lib.send(L, "send_binary", websocket.MessageBinary) },
		"receive":     lib.receive, "ping": lib.ping, "close": lib.closeSocket,
	})
	module.AddFields(L, class, map[string]func(*lua.LUserData) lua.LValue{
		"protocol": func(ud *lua.LUserData) lua.LValue { return lua.LString(ud.Value.(*socket).conn.Subprotocol()) },
	})
	return class
}

// timeout reads argument n, zero where it is not given.
func (lib *library) timeout(L *lua.LState, n int, what string, zero time.Duration) time.Duration {
	if L.Get(n) == lua.LNil {
		return zero
	}
	d := lib.vm.Duration(L, n, what)
	module.Timeout(lib.vm, L, what+": the time-out", d)
	return d
}

// send is ws:send(text[, timeout]) and ws:send_binary(bytes[, timeout]). A send
// that fails, or whose handler is cut, ends the connection.
func (lib *library) send(L *lua.LState, method string, typ websocket.MessageType) int {
	s, what := lib.this(L, method), "ws:"+method
	data := module.String(lib.vm, L, 2, what)
	if typ == websocket.MessageText && !utf8.ValidString(data) {
		module.Argument(lib.vm, L, "%s: the text is not UTF-8; bytes are sent with ws:send_binary", what)
	}
	timeout := lib.timeout(L, 3, what, defaultTimeout)
	lib.vm.Wait(L, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		return explain(what, timeout, s.conn.Write(ctx, typ, []byte(data)))
	})
	return 0
}

// receive is ws:receive([timeout]) → data, kind, or nil, code, reason at the end.
func (lib *library) receive(L *lua.LState) int {
	const what = "ws:receive"
	s := lib.this(L, "receive")
	timeout := lib.timeout(L, 2, what, 0)
	var m message
	more := false
	lib.vm.Rest(L, func(ctx context.Context) error {
		over := make(chan struct{})
		if timeout > 0 {
			defer lib.vm.AfterFunc(timeout, func() { close(over) })()
		}
		select {
		case m, more = <-s.messages:
			return nil
		case <-over:
			return explain(what, timeout, context.DeadlineExceeded)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	if more {
		L.Push(lua.LString(m.data))
		L.Push(lua.LString(m.kind))
		return 2
	}
	lib.sockets.Drop(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	L.Push(lua.LNil)
	L.Push(lua.LNumber(s.end.Code))
	L.Push(lua.LString(s.end.Reason))
	return 3
}

// ping is ws:ping([timeout]): returns when the server has answered.
func (lib *library) ping(L *lua.LState) int {
	const what = "ws:ping"
	s := lib.this(L, "ping")
	timeout := lib.timeout(L, 2, what, defaultTimeout)
	lib.vm.Wait(L, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		return explain(what, timeout, s.conn.Ping(ctx))
	})
	return 0
}

// maxReason is how many bytes of a reason fit into a frame.
const maxReason = 123

// closeSocket is ws:close([code[, reason]]). The second call does nothing.
func (lib *library) closeSocket(L *lua.LState) int {
	const what = "ws:close"
	s := lib.this(L, "close")
	code, reason := int64(websocket.StatusNormalClosure), ""
	if L.Get(2) != lua.LNil {
		code = module.Int(lib.vm, L, 2, what+": the code", 1000, 4999)
	}
	if L.Get(3) != lua.LNil {
		reason = module.String(lib.vm, L, 3, what+": the reason")
	}
	if code > 1003 && code < 1007 || code > 1014 && code < 3000 {
		module.Argument(lib.vm, L, "%s: the code %d is not for use; 1000 is a normal end, 4000 to 4999 are free", what, code)
	}
	if len(reason) > maxReason || !utf8.ValidString(reason) {
		module.Argument(lib.vm, L, "%s: want a reason of at most %d bytes of UTF-8", what, maxReason)
	}
	lib.vm.Wait(L, func(ctx context.Context) error {
		stop := context.AfterFunc(ctx, s.drop)
		defer stop()
		s.ended(websocket.CloseError{Code: websocket.StatusCode(code), Reason: reason})
		_ = s.conn.Close(websocket.StatusCode(code), reason) // a server that does not answer is gone as well
		return nil
	})
	lib.sockets.Drop(s)
	return 0
}
