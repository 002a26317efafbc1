package luaapi

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/luaapi/postgres"
)

// stopValue is bot.STOP: returned by a handler it ends the chain.
var stopValue = &lua.LUserData{Value: "bot.STOP", Metatable: lua.LNil}

// openBot makes the table bot.
func (rt *Runtime) openBot(L *lua.LState) {
	rt.errorMeta = newErrorMeta(L)
	rt.msgMeta = rt.newMessageMeta(L)
	bot := L.NewTable()
	for name, fn := range rt.botFunctions() {
		bot.RawSetString(name, L.NewFunction(rt.dotted(bot, "bot."+name, fn)))
	}
	bot.RawSetString("STOP", stopValue)
	bot.RawSetString("api", rt.newAPI(L))
	rt.protect(L, bot, "bot", map[string]func() lua.LValue{
		"info":   func() lua.LValue { return rt.infoValue(L) },
		"config": func() lua.LValue { return rt.configValue(L) },
		"state":  func() lua.LValue { return rt.state },
	}, map[string]func(lua.LValue) error{
		"state": rt.setState,
	})
	L.SetGlobal("bot", bot)
}

// botFunctions are the functions of bot.
func (rt *Runtime) botFunctions() map[string]lua.LGFunction {
	fns := map[string]lua.LGFunction{
		"configure":  rt.configure,
		"on_message": rt.onMessage,
		"on_command": rt.onCommand,
		"on_event":   rt.onEvent,
		"use":        rt.use,
		"send":       rt.send,
		"message":    rt.asMessage,
		"re":         rt.regexp,
		"wait_for":   rt.waitFor,
		"stop":       rt.stop,
		"spawn":      rt.spawn,
		"after":      rt.after,
		"every":      rt.every,
		"cron":       rt.cron,
	}
	maps.Copy(fns, rt.mediaFunctions())
	maps.Copy(fns, rt.sendingFunctions())
	for _, kind := range []hookKind{hookStart, hookStop, hookReload, hookError, hookRaw, hookSend, hookEdit, hookSkipped, hookMigrate} {
		fns[string(kind)] = rt.onHook(kind)
	}
	return fns
}

// dotted refuses a call with a colon, where the table itself would be the
// first argument.
func (rt *Runtime) dotted(owner *lua.LTable, name string, fn lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		if L.Get(1) == lua.LValue(owner) {
			_, short, _ := strings.Cut(name, ".")
			rt.raisef(L, ErrArgument, "%s is a function: write %s(…) with a dot, not :%s(…)", name, name, short)
		}
		return fn(L)
	}
}

// configure reads bot.configure{…}.
func (rt *Runtime) configure(L *lua.LState) int {
	if !rt.loading {
		rt.raisef(L, ErrArgument, "bot.configure belongs to the top of the script, not into a handler")
	}
	s := rt.settings
	rt.checkOptions(L, 1, "configure", &s)
	if s.Database.SQLite != nil && s.Database.Postgres != nil {
		rt.raisef(L, ErrArgument, "configure.db: give sqlite or postgres, not both")
	}
	if q := s.Database.SQLite; q != nil {
		if err := checkDatabase(q.FilePrefix, rt.opts.Grants); err != nil {
			rt.raise(L, err)
		}
	}
	if p := s.Database.Postgres; p != nil && p.ConnectionString != "" && !rt.opts.Grants.All {
		// The library connects there by itself, so the walls are in the text.
		if err := postgres.CheckConnection("configure.db.postgres.connection_string", p.ConnectionString, rt.opts.Grants); err != nil {
			rt.raise(L, err)
		}
	}
	for key, c := range map[string]struct {
		value string
		known []string
	}{
		"confirm_migrations": {s.ConfirmMigrations, []string{"yesUp", "yesUpDown", "error", "console"}},
		"ordering":           {s.Ordering, []string{"chat", "global"}},
		"dispatch":           {s.Dispatch, []string{"command", "all", "first"}},
	} {
		if !slices.Contains(c.known, c.value) {
			rt.raisef(L, ErrArgument, "configure.%s: want one of %s, got %q", key, strings.Join(c.known, ", "), c.value)
		}
	}
	for key, limit := range map[string]time.Duration{"cpu_limit": s.CPULimit, "handler_timeout": s.HandlerTimeout} {
		if limit <= 0 {
			rt.raisef(L, ErrArgument, "configure.%s: want a duration above 0", key)
		}
	}
	if strings.TrimSpace(s.Profile.DisplayName) == "" {
		rt.raisef(L, ErrArgument, "configure.profile.display_name: want a name, got %q", s.Profile.DisplayName)
	}
	if image := s.Profile.Image; image != "" && !strings.HasPrefix(image, "data:image/") {
		rt.raisef(L, ErrArgument, "configure.profile.image: want a picture as data:image/…, got %s", describe(lua.LString(image)))
	}
	if s.CatchUp.MaxItems < 0 {
		rt.raisef(L, ErrArgument, "configure.catch_up.max_items: want 0 or more, got %d", s.CatchUp.MaxItems)
	}
	if s.StateVersion < 1 {
		rt.raisef(L, ErrArgument, "configure.state_version: want 1 or more, got %d", s.StateVersion)
	}
	rt.settings = s
	return 0
}

// checkDatabase refuses a place for the chat database that is outside of the
// data folder, unless the script may write there, and one where the script could
// read the database as a file.
func checkDatabase(prefix string, grants permission.Set) error {
	folder, _, _ := strings.Cut(filepath.ToSlash(filepath.Clean(prefix)), "/")
	switch {
	case prefix == "" || grants.All:
		return nil
	case filepath.IsLocal(prefix) && folder != "files" && folder != "tmp":
		return nil
	case filepath.IsLocal(prefix):
		return &permission.Error{Message: "configure.db.sqlite.file_prefix: the chat database may not be in the folder " + folder}
	}
	if _, err := grants.Path(prefix, "", true); err != nil {
		return fmt.Errorf("configure.db.sqlite.file_prefix: %w", err)
	}
	return nil
}

// handlerArgs reads ([filter,] fn) from argument n on. Without a function it
// returns one that takes it, so that bot.on_message{…}(function(msg) … end) works.
func (rt *Runtime) handlerArgs(L *lua.LState, n int, what string, add func(L *lua.LState, h *handler) *lua.LTable) int {
	at := callerWhere(L)
	name := what
	if at != "" {
		name += " at " + strings.TrimSuffix(at, ": ")
	}
	register := func(L *lua.LState, f *filter, v lua.LValue) int {
		fn, ok := v.(*lua.LFunction)
		if !ok {
			rt.raisef(L, ErrArgument, "%s: the handler must be a function, got %s", what, describe(v))
		}
		L.Push(add(L, &handler{name: name, fn: fn, filter: f}))
		return 1
	}
	first := L.Get(n)
	if fn, ok := first.(*lua.LFunction); ok {
		return register(L, &filter{}, fn)
	}
	f, err := newFilter(what, first)
	if err != nil {
		rt.raise(L, err)
	}
	if L.GetTop() > n {
		return register(L, f, L.Get(n+1))
	}
	if first == lua.LNil {
		rt.raisef(L, ErrArgument, "%s: the handler must be a function, got nil", what)
	}
	L.Push(L.NewFunction(func(L *lua.LState) int { return register(L, f, L.Get(1)) }))
	return 1
}

func (rt *Runtime) onMessage(L *lua.LState) int {
	return rt.handlerArgs(L, 1, "on_message", func(L *lua.LState, h *handler) *lua.LTable {
		return rt.register(L, h, func(s *handlerSet) { s.messages = append(s.messages, h) })
	})
}

// onCommand is bot.on_command(name|{names}[, filter], fn).
func (rt *Runtime) onCommand(L *lua.LState) int {
	var names oneOf[string]
	if err := names.decodeLua(L.Get(1)); err != nil {
		rt.raisef(L, ErrArgument, "on_command: the keyword: %v", err)
	}
	for i, name := range names {
		cmd, ok := chat.ParseCommand("/" + strings.TrimPrefix(name, "/"))
		if !ok || cmd.Args != "" {
			rt.raisef(L, ErrArgument, "on_command: %q is no keyword: want one word, as \"help\"", name)
		}
		names[i] = cmd.Keyword
	}
	return rt.handlerArgs(L, 2, "on_command", func(L *lua.LState, h *handler) *lua.LTable {
		h.keywords = names
		return rt.register(L, h, func(s *handlerSet) { s.commands = append(s.commands, h) })
	})
}

// onEvent is bot.on_event(tag|{tags}, fn); "*" is every event.
func (rt *Runtime) onEvent(L *lua.LState) int {
	tags, err := rt.eventTags(L.Get(1))
	if err != nil {
		rt.raise(L, err)
	}
	return rt.handlerArgs(L, 2, "on_event", func(L *lua.LState, h *handler) *lua.LTable {
		h.filter = nil
		return rt.register(L, h, func(s *handlerSet) {
			for _, tag := range tags {
				s.events[tag] = append(s.events[tag], h)
			}
		})
	})
}

func (rt *Runtime) eventTags(v lua.LValue) ([]string, error) {
	var tags oneOf[string]
	if err := tags.decodeLua(v); err != nil {
		return nil, optionError("event tag", "%v", err)
	}
	return tags, nil
}

// use is bot.use(function(handler, msg, data) … end).
func (rt *Runtime) use(L *lua.LState) int {
	return rt.handlerArgs(L, 1, "use", func(L *lua.LState, h *handler) *lua.LTable {
		return rt.register(L, h, func(s *handlerSet) { s.middleware = append(s.middleware, h) })
	})
}

// onHook registers the handlers that take no filter.
func (rt *Runtime) onHook(kind hookKind) lua.LGFunction {
	return func(L *lua.LState) int {
		if _, ok := L.Get(1).(*lua.LFunction); !ok {
			rt.raisef(L, ErrArgument, "%s: the handler must be a function, got %s", kind, describe(L.Get(1)))
		}
		return rt.handlerArgs(L, 1, string(kind), func(L *lua.LState, h *handler) *lua.LTable {
			h.filter = nil
			return rt.register(L, h, func(s *handlerSet) { s.hooks[kind] = append(s.hooks[kind], h) })
		})
	}
}

// send is bot.send(chat, text|content[, options]) → message.
func (rt *Runtime) send(L *lua.LState) int {
	to, err := rt.chatRef(L, L.Get(1))
	if err != nil {
		rt.raisef(L, ErrArgument, "send: %v", err)
	}
	content := rt.checkContent(L, 2, "send")
	var o sendOptions
	rt.checkOptions(L, 3, "send", &o)
	L.Push(rt.messageValue(rt.mustSend(L, &draft{to: to, content: content, options: o})))
	return 1
}

// asMessage is bot.message(aChatItem) → message, for items of any event.
func (rt *Runtime) asMessage(L *lua.LState) int {
	m, err := toMessage(L.Get(1))
	if err != nil {
		rt.raisef(L, ErrArgument, "message: %v", err)
	}
	m.item.UserID = rt.session.UserID // an item does not tell
	L.Push(rt.messageValue(m))
	return 1
}

// regexp is bot.re"…", a regular expression (RE2) for the filters text and args.
func (rt *Runtime) regexp(L *lua.LState) int {
	text, ok := L.Get(1).(lua.LString)
	if !ok {
		rt.raisef(L, ErrArgument, "re: want a regular expression as a string, got %s", describe(L.Get(1)))
	}
	re, err := regexp.Compile(string(text))
	if err != nil {
		rt.raisef(L, ErrArgument, "re: %v", err)
	}
	L.Push(&lua.LUserData{Value: re, Metatable: lua.LNil})
	return 1
}

// stop is bot.stop([reason]): the bot ends as with SIGTERM.
func (rt *Runtime) stop(L *lua.LState) int {
	reason := "script"
	if s, ok := L.Get(1).(lua.LString); ok {
		reason = string(s)
	}
	if rt.loading {
		rt.raise(L, &Error{Type: ErrNotStarted, Message: "not started: put it in bot.on_start"})
	}
	rt.lab.Stopped()
	if rt.opts.Stop != nil {
		rt.opts.Stop(reason)
	}
	return 0
}
