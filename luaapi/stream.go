package luaapi

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
)

const (
	// streamInterval lies between two edits of a live message, unless the script
	// says otherwise; each edit is a message to everybody in the chat.
	streamInterval    = time.Second
	minStreamInterval = 200 * time.Millisecond
)

// streamOptions are the options of stream.
type streamOptions struct {
	// Interval is the time between two edits at least (default 1 s).
	Interval time.Duration `lua:"interval"`
	// Quote tells whether the message quotes the one that it answers (default true).
	Quote bool `lua:"quote"`
	// TTL is as in sendOptions.
	TTL *int64 `lua:"ttl"`
}

// stream is a live message: its readers see it grow. Runtime.mu guards it.
type stream struct {
	rt       *Runtime
	name     string // of its calls
	draft    draft
	interval time.Duration
	text     string   // what it is to say
	shown    string   // what it says
	sent     *message // nil before the first text
	closed   bool
	next     time.Time     // the first moment for an edit
	busy     chan struct{} // closed when the command under way has ended, nil without one
	halt     func() bool   // stops the timer of the next edit, nil without one
}

// stream is msg:stream([text][, options]) → live message. Where the script does
// not close it, the end of the handler does.
func (rt *Runtime) stream(L *lua.LState, m *message) int {
	o := streamOptions{Interval: streamInterval, Quote: true}
	rt.checkOptions(L, 3, "stream", &o)
	if o.Interval < minStreamInterval {
		rt.raisef(L, ErrArgument, "stream.interval: want %v or more, got %v", minStreamInterval, o.Interval)
	}
	c := callOf(L)
	rt.mustBeAbleToWait(L, c)
	s := &stream{rt: rt, name: "stream in " + c.name, interval: o.Interval,
		draft: draft{to: m.item.Chat, options: sendOptions{Quote: o.Quote, TTL: o.TTL}}}
	if o.Quote {
		s.draft.quote = &m.item
	}
	if L.Get(2) != lua.LNil {
		s.write(L, checkText(rt, L, 2, "stream"))
	}
	c.atEnd = append(c.atEnd, func() { s.beside(func(L *lua.LState) { s.finish(L) }) })
	L.Push(&lua.LUserData{Value: s, Metatable: rt.streamMetatable(L)})
	return 1
}

func checkText(rt *Runtime, L *lua.LState, n int, what string) string {
	switch v := L.Get(n).(type) {
	case lua.LString, lua.LNumber:
		return v.String()
	default:
		rt.raisef(L, ErrArgument, "%s: want a text, got %s", what, describe(v))
		return ""
	}
}

// streamMetatable makes the metatable of streams, at its first use.
func (rt *Runtime) streamMetatable(L *lua.LState) *lua.LTable {
	if rt.sending.streamMeta != nil {
		return rt.sending.streamMeta
	}
	method := func(name string, f func(L *lua.LState, s *stream) int) *lua.LFunction {
		return L.NewFunction(func(L *lua.LState) int {
			ud, _ := L.Get(1).(*lua.LUserData)
			if ud != nil {
				if s, ok := ud.Value.(*stream); ok {
					return f(L, s)
				}
			}
			rt.raisef(L, ErrArgument, "%s is a method: write stream:%s(…) with a colon", name, name)
			return 0
		})
	}
	methods := map[string]*lua.LFunction{
		"write": method("write", func(L *lua.LState, s *stream) int {
			s.write(L, checkText(rt, L, 2, "write"))
			return 0
		}),
		"append": method("append", func(L *lua.LState, s *stream) int {
			s.write(L, s.text+checkText(rt, L, 2, "append"))
			return 0
		}),
		"close":  method("close", func(L *lua.LState, s *stream) int { return s.close(L) }),
		"cancel": method("cancel", func(L *lua.LState, s *stream) int { return s.cancel(L) }),
	}
	mt := L.NewTable()
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		s, key := L.Get(1).(*lua.LUserData).Value.(*stream), L.Get(2).String()
		switch fn, ok := methods[key]; {
		case ok:
			L.Push(fn)
		case key == "text":
			L.Push(lua.LString(s.text))
		default:
			rt.raisef(L, ErrArgument, "a stream has no %q%s", key, nearest.Hint(key, []string{"write", "append", "close", "cancel", "text"}))
		}
		return 1
	}))
	mt.RawSetString("__metatable", lua.LString("stream"))
	rt.sending.streamMeta = mt
	return mt
}

// write sets the text. It waits for the core where an edit is due; otherwise
// the edit comes by itself.
func (s *stream) write(L *lua.LState, text string) {
	if s.closed {
		s.rt.raisef(L, ErrArgument, "the stream is closed")
	}
	s.text = text
	now := s.rt.clock.Now()
	switch {
	case s.busy != nil || s.halt != nil: // whoever sends or will send sees the new text
	case now.Before(s.next):
		s.later(s.next.Sub(now))
	default:
		s.show(L)
	}
}

// later sets the timer of the next edit.
func (s *stream) later(d time.Duration) {
	s.halt = s.rt.clock.AfterFunc(d, func() {
		s.beside(func(L *lua.LState) {
			s.halt = nil
			if !s.closed && s.busy == nil {
				s.show(L)
			}
		})
	})
}

// beside runs f in a call of its own and reports its error. The call counts
// from here on; it does not block.
func (s *stream) beside(f func(L *lua.LState)) {
	c := s.rt.newCall(context.Background(), s.name, s.rt.frozen.Load().CPULimit)
	go func() {
		err := c.runOnce(func() (*lua.LFunction, []lua.LValue) {
			return s.rt.lua.L().NewFunction(func(L *lua.LState) int { f(L); return 0 }), nil
		}, nil)
		if err != nil {
			s.rt.Report(err)
		}
	}()
}

// show brings the message up to date, live.
func (s *stream) show(L *lua.LState) {
	text := readable(s.text)
	if text == s.shown || text == "" {
		return
	}
	first := s.plan(L, text)[0]
	defer s.begin()()
	if s.sent == nil {
		cmd := sendCommand(s.draft.to, s.draft.options.TTL, first)
		ref := len("/_send ") + len(s.draft.to.String())
		resp, err := s.rt.post(L, cmd[:ref]+" live=on"+cmd[ref:], s.rt.frozen.Load().ReadyTimeout)
		if err != nil {
			s.rt.raise(L, err)
		}
		s.sent = &message{sent: &resp, own: true}
		s.rt.loadSent(L, s.sent)
	} else {
		s.update(L, " live=on", first)
	}
	s.shown = text
}

// begin marks a command as under way; what it returns marks its end, and sets
// the timer where the text has changed meanwhile.
func (s *stream) begin() (end func()) {
	busy := make(chan struct{})
	s.busy = busy
	return func() {
		s.busy = nil
		close(busy)
		s.next = s.rt.clock.Now().Add(s.interval)
		if readable(s.text) != s.shown && !s.closed && s.halt == nil {
			s.later(s.interval)
		}
	}
}

func (s *stream) update(L *lua.LState, live string, to composed) {
	b := append([]byte("/_update item "+s.sent.ref()+live+` json {"msgContent":`), to.content...)
	s.rt.command(L, string(append(b, `,"mentions":{}}`...)))
}

// plan cuts a text that is too long; the live message is its first part.
func (s *stream) plan(L *lua.LState, text string) []composed {
	content, err := messageContent(lua.LString(text))
	if err != nil {
		s.rt.raisef(L, ErrArgument, "stream: %v", err)
	}
	d := s.draft
	d.content = content
	return d.plan()
}

// end lets no edit begin any more and waits for the one under way.
func (s *stream) end(L *lua.LState) {
	s.closed = true
	if s.halt != nil {
		s.halt()
		s.halt = nil
	}
	for s.busy != nil {
		busy := s.busy
		s.rt.unlocked(L, func(ctx context.Context) {
			select {
			case <-busy:
			case <-ctx.Done():
			}
		})
	}
}

// close is stream:close([text]) → the finished message, nil where there was
// never a text.
func (s *stream) close(L *lua.LState) int {
	if s.closed {
		s.rt.raisef(L, ErrArgument, "the stream is closed")
	}
	if L.Get(2) != lua.LNil {
		s.text = checkText(s.rt, L, 2, "close")
	}
	if m := s.finish(L); m != nil {
		L.Push(s.rt.messageValue(m))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

// finish makes the live message a usual one and sends what did not fit in it.
func (s *stream) finish(L *lua.LState) *message {
	if s.closed {
		return s.sent
	}
	s.end(L)
	text := cmp.Or(readable(s.text), s.shown)
	if text == "" {
		return nil
	}
	plan := s.plan(L, text)
	if s.sent == nil {
		d := s.draft
		d.content, _ = messageContent(lua.LString(text)) // plan has read it
		return s.rt.mustSend(L, &d)
	}
	s.update(L, "", plan[0])
	last, parts := s.sent, []*message{s.sent}
	for _, part := range plan[1:] {
		resp, err := s.rt.post(L, sendCommand(s.draft.to, s.draft.options.TTL, part), s.rt.frozen.Load().ReadyTimeout)
		if err != nil {
			s.rt.raise(L, err)
		}
		last = &message{sent: &resp, own: true}
		s.rt.messageValue(last)
		parts = append(parts, last)
	}
	if len(parts) > 1 {
		s.rt.messageValue(s.sent)
		last.parts = parts
	}
	return last
}

// cancel is stream:cancel(): the message is deleted for everyone.
func (s *stream) cancel(L *lua.LState) int {
	if s.closed {
		s.rt.raisef(L, ErrArgument, "the stream is closed")
	}
	s.end(L)
	if s.sent != nil {
		s.rt.command(L, "/_delete item "+s.sent.ref()+" broadcast")
	}
	return 0
}

// readable is a text as it can be sent, however it came in pieces: what is no
// character becomes U+FFFD.
func readable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(whole(text), "\uFFFD"), "\x00", "\uFFFD")
}

// whole leaves out a character at the end that is not complete yet: texts often
// come in pieces that were cut anywhere.
func whole(text string) string {
	for i := 1; i <= min(utf8.UTFMax-1, len(text)); i++ {
		if c := text[len(text)-i]; utf8.RuneStart(c) {
			if !utf8.FullRuneInString(text[len(text)-i:]) {
				return text[:len(text)-i]
			}
			break
		}
	}
	return text
}
