package lua51

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func (s *State) loadstring(L *lua.LState) int {
	source := checkString(L, 1)
	return s.pushLoaded(L, source, optString(L, 2, source))
}

// load takes a function that returns pieces, as in Lua 5.1, or a string, as in
// later versions.
func (s *State) load(L *lua.LState) int {
	if str, ok := L.Get(1).(lua.LString); ok {
		return s.pushLoaded(L, string(str), optString(L, 2, string(str)))
	}
	reader := checkFunction(L, 1)
	name := optString(L, 2, "=(load)")
	var source strings.Builder
	for {
		piece := s.call(L, reader)
		if piece == lua.LNil {
			break
		}
		if !isString(piece) {
			L.Push(lua.LNil)
			L.Push(lua.LString("reader function must return a string"))
			return 2
		}
		text := toText(piece)
		if text == "" {
			break
		}
		source.WriteString(text)
		if source.Len() > s.limits.SourceSize {
			break // too large already; Compile says so
		}
	}
	return s.pushLoaded(L, source.String(), name)
}

func (s *State) pushLoaded(L *lua.LState, source, name string) int {
	proto, err := s.compile(chunkID(name, 60), source, s.budget(L).check)
	if err != nil {
		if limit := (*LimitError)(nil); errors.As(err, &limit) {
			s.budget(L).limit = limit
		}
		if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
			syntax.Chunk = chunkID(name, 80) // these messages have more room
		}
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	fn := L.NewFunctionFromProto(proto)
	fn.Env = s.main.G.Global
	L.Push(fn)
	return 1
}

// chunkID returns how a chunk's name is shown in messages: luaO_chunkid with a
// buffer of size bytes.
func chunkID(name string, size int) string {
	name = cString(name)
	switch {
	case strings.HasPrefix(name, "="):
		return name[1:min(len(name), size)]
	case strings.HasPrefix(name, "@"):
		if name = name[1:]; len(name) > size-8 {
			return "..." + name[len(name)-(size-8):]
		}
		return name
	}
	line := name
	if i := strings.IndexAny(name, "\r\n"); i >= 0 {
		line = name[:i]
	}
	line = line[:min(len(line), size-17)]
	if line != name {
		line += "..."
	}
	return fmt.Sprintf(`[string "%s"]`, line)
}
