package luaapi

import (
	"context"
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/api"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// ErrContactExists is the type of the error that connecting to a known contact
// raises.
const ErrContactExists = "contact_already_exists"

// newAPI makes bot.api: the methods of SimpleX's own libraries, call for any
// command by its name, and send_chat_cmd for command strings.
func (rt *Runtime) newAPI(L *lua.LState) *lua.LTable {
	t := L.NewTable()
	add := func(name string, fn lua.LGFunction) {
		t.RawSetString(name, L.NewFunction(rt.dotted(t, "bot.api."+name, fn)))
	}
	for _, m := range api.Methods() {
		add(m.Name, func(L *lua.LState) int { return rt.apiMethod(L, m) })
	}
	add("call", rt.apiCall)
	add("send_chat_cmd", rt.sendChatCmd)
	for name, fn := range rt.fileFunctions() {
		add(name, fn)
	}
	rt.protect(L, t, "bot.api", nil, nil)
	rt.refuseOtherMethods(L, t)
	return t
}

// instead says what a script uses in place of what it does not have.
var instead = map[string]string{
	"init":            "simplex-lua opens the database itself: see db in bot.configure",
	"start_chat":      "simplex-lua starts the chat itself: put what comes after into bot.on_start",
	"stop_chat":       "use bot.stop()",
	"close":           "use bot.stop()",
	"recv_chat_event": "use bot.on_event, or bot.on_raw for everything",
	"ctrl":            "scripts have no controller; bot.api has the commands",
	"initialized":     "a script runs only while the chat is open",
	"started":         "bot.on_start runs when the chat has started",
	"on":              "use bot.on_event(tag, fn)",
	"on_any":          `use bot.on_event("*", fn)`,
	"once":            "use bot.wait_for(tag)",
	"wait":            "use bot.wait_for(tag, filter, timeout)",
	"off":             "use handle:remove(), with the handle that bot.on_event returned",
	"off_any":         "use handle:remove(), with the handle that bot.on_event returned",
}

// refuseOtherMethods makes names of the official libraries that are not ours
// raise an error that says what to use.
func (rt *Runtime) refuseOtherMethods(L *lua.LState, t *lua.LTable) {
	mt := table.Meta(t)
	index := table.Field(mt, "__index").(*lua.LFunction).GFunction
	mt.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		name := L.Get(2).String()
		if hint, ok := instead[name]; ok {
			rt.raisef(L, ErrArgument, "bot.api.%s does not exist: %s", name, hint)
		}
		if short, ok := strings.CutPrefix(name, "api_"); ok {
			for _, m := range api.Methods() {
				if m.Name == short {
					rt.raisef(L, ErrArgument, "bot.api.%s is called bot.api.%s here", name, short)
				}
			}
		}
		return index(L)
	}))
}

// facts are the commands of the core that is loaded.
func (rt *Runtime) facts() *api.Facts { return api.For(rt.session.CoreVersion) }

// apiMethod runs a method: it checks the arguments, sends the command, and
// returns the part of the answer that the method is for.
func (rt *Runtime) apiMethod(L *lua.LState, m *api.Method) int {
	if n := L.GetTop(); n > len(m.Args) && !onlyNil(L, len(m.Args)+1) {
		rt.raisef(L, ErrArgument, "%s takes %s, got %d", m.Name, plural(len(m.Args), "argument"), n)
	}
	values := make([]any, len(m.Args))
	for i, a := range m.Args {
		v, err := rt.argValue(L, a, L.Get(i+1))
		if err != nil {
			rt.raisef(L, ErrArgument, "%s: %v", m.Name, err)
		}
		values[i] = v
	}
	cmd, err := m.Encode(rt.facts(), values)
	if err != nil {
		rt.raise(L, encodeError(err))
	}
	cmd = rt.checkCommand(L, cmd)
	resp, refused := rt.tryCommand(L, cmd)
	if refused != nil {
		if m.NilOn(refused.Type, refused.Tag) {
			L.Push(lua.LNil)
			return 1
		}
		rt.raise(L, refused)
	}
	body := rt.replyValue(L, cmd, resp)
	result, ok := m.Answer(resp.Type, values)
	if !ok {
		rt.raiseAnswer(L, m.Name, cmd, resp, body)
	}
	return push(L, body, result)
}

// onlyNil tells whether all arguments from n on are nil.
func onlyNil(L *lua.LState, n int) bool {
	for ; n <= L.GetTop(); n++ {
		if L.Get(n) != lua.LNil {
			return false
		}
	}
	return true
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// tryCommand is command, but gives the core's refusal back instead of raising it.
func (rt *Runtime) tryCommand(L *lua.LState, cmd string) (resp chat.Response, refused *chat.CommandError) {
	resp = rt.commandRead(L, cmd, func(cmd string, reply []byte) (chat.Response, error) {
		resp, err := chat.ParseReply(cmd, reply)
		if errors.As(err, &refused) {
			err = nil
		}
		return resp, err
	})
	return resp, refused
}

// encodeError makes what a script sees of an error of the encoder.
func encodeError(err error) error {
	var unknown *api.UnknownCommandError
	if errors.As(err, &unknown) && unknown.Since != "" {
		return &Error{Type: ErrCommand, Message: err.Error(), Command: unknown.Name}
	}
	return &Error{Type: ErrArgument, Message: err.Error()}
}

// replyValue decodes a reply.
func (rt *Runtime) replyValue(L *lua.LState, cmd string, resp chat.Response) *lua.LTable {
	v, err := luaconv.DecodeLazy(resp.Raw)
	t, ok := v.(*lua.LTable)
	if err == nil && !ok {
		err = errors.New("it is no object")
	}
	if err != nil {
		name := chat.CommandName(cmd)
		rt.raise(L, &Error{Type: ErrCommand, Command: name, Message: fmt.Sprintf("%s: reply %s: %v", name, resp.Type, err)})
	}
	return t
}

// raiseAnswer raises for an answer that is no success: an error table that has
// the whole answer in its field response.
func (rt *Runtime) raiseAnswer(L *lua.LState, method, cmd string, resp chat.Response, body *lua.LTable) {
	e := &Error{Type: ErrCommand, Command: chat.CommandName(cmd), Where: callerWhere(L), Message: method + ": the core answered " + resp.Type}
	if resp.Type == "contactAlreadyExists" {
		e.Type, e.Message = ErrContactExists, method+": the contact already exists"
	}
	t := rt.errorTable(e)
	t.RawSetString("response", body)
	L.Error(t, 1)
}

// push returns the parts of an answer that a result names.
func push(L *lua.LState, body *lua.LTable, r api.Result) int {
	switch {
	case r.Const != "":
		L.Push(lua.LString(r.Const))
		return 1
	case r.First:
		for _, path := range r.Paths {
			if v := atPath(body, path); v != lua.LNil && v != lua.LString("") {
				L.Push(v)
				return 1
			}
		}
		L.Push(lua.LNil)
		return 1
	}
	for _, path := range r.Paths {
		L.Push(atPath(body, path))
	}
	return len(r.Paths)
}

// atPath returns the value at "a.b.c", nil where there is none.
func atPath(v lua.LValue, path string) lua.LValue {
	for _, key := range strings.Split(path, ".") {
		t, ok := v.(*lua.LTable)
		if !ok {
			return lua.LNil
		}
		v = table.Field(t, key)
	}
	return v
}

// apiCall is bot.api.call(command, params) → the whole answer. The command is
// given by its name or the words that it begins with.
func (rt *Runtime) apiCall(L *lua.LState) int {
	name, ok := L.Get(1).(lua.LString)
	if !ok {
		rt.raisef(L, ErrArgument, `call: want a command's name, as "APISendMessages", got %s`, describe(L.Get(1)))
	}
	params := api.Params{}
	if v := L.Get(2); v != lua.LNil {
		given, err := toGo(v, "")
		if err == nil {
			if m, isObject := given.(map[string]any); isObject {
				params = m
			} else if given != (api.Empty{}) {
				err = fmt.Errorf("params: want a table with the parameters by name, got %s", describe(v))
			}
		}
		if err != nil {
			rt.raisef(L, ErrArgument, "%s: %v", string(name), err)
		}
	}
	cmd, err := rt.facts().Encode(string(name), params)
	if err != nil {
		rt.raise(L, encodeError(err))
	}
	cmd = rt.checkCommand(L, cmd)
	L.Push(rt.replyValue(L, cmd, rt.command(L, cmd)))
	return 1
}

// sendChatCmd is bot.api.send_chat_cmd(command) → the whole answer.
func (rt *Runtime) sendChatCmd(L *lua.LState) int {
	cmd, ok := L.Get(1).(lua.LString)
	if !ok {
		rt.raisef(L, ErrArgument, "send_chat_cmd: want a command as a string, got %s", describe(L.Get(1)))
	}
	if at := strings.IndexByte(string(cmd), 0); at >= 0 {
		rt.raisef(L, ErrArgument, "send_chat_cmd: the command has a NUL at byte %d", at+1)
	}
	text := rt.checkCommand(L, string(cmd))
	L.Push(rt.replyValue(L, text, rt.command(L, text)))
	return 1
}

// ModuleNames are the modules written in Go that require finds.
func ModuleNames() []string {
	var names []string
	for _, m := range modules {
		if m.Stability != "removed" {
			names = append(names, m.Name)
		}
	}
	return names
}

// checkCommand raises unless the script may send the command, and returns it as
// it is to be sent. It waits only for the addresses of hosts that the command
// names.
func (rt *Runtime) checkCommand(L *lua.LState, cmd string) string {
	core := rt.session.Core
	checked, err := rt.opts.Grants.Command(cmd, permission.Files{Dir: rt.session.FilesDir, Remote: core != nil && !core.Owned()})
	if err != nil {
		rt.raise(L, err)
	}
	if len(checked.Hosts) > 0 {
		rt.unlocked(L, func(ctx context.Context) {
			err = permission.Dialer{Set: rt.opts.Grants}.Resolve(ctx, checked.Hosts)
		})
	}
	switch refused := (*permission.Error)(nil); {
	case errors.As(err, &refused):
		rt.raise(L, refused)
	case err != nil:
		rt.raise(L, &Error{Type: module.ErrIO, Message: chat.CommandName(cmd) + ": " + err.Error()})
	}
	return checked.Text
}
