package lua51

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func (s *State) openString(signedZero bool) {
	t := s.module("string", map[string]lua.LGFunction{
		"byte": s.strByte, "char": s.strChar, "dump": strDump, "find": s.strFind, "format": s.strFormat,
		"gmatch": s.strGmatch, "gfind": s.strGmatch, "gsub": s.strGsub, "len": strLen, "lower": strLower,
		"match": s.strMatch, "rep": s.strRep, "reverse": strReverse, "sub": strSub, "upper": strUpper,
	})
	mt := s.main.NewTable()
	mt.RawSetString("__index", t)
	s.openOperators(mt, signedZero)
	s.main.SetMetatable(lua.LString(""), mt)
}

// span turns Lua's indices (from 1, negative from the end) into the slice
// bounds of what they select of a string of length n.
func span(i, j, n int) (from, to int) {
	if i < 0 {
		i = max(i+n+1, 1)
	} else if i == 0 {
		i = 1
	}
	if j < 0 {
		j += n + 1
	} else if j > n {
		j = n
	}
	if i > j {
		return 0, 0
	}
	return i - 1, j
}

func strLen(L *lua.LState) int {
	L.Push(lua.LNumber(len(checkString(L, 1))))
	return 1
}

func strSub(L *lua.LState) int {
	str := checkString(L, 1)
	from, to := span(checkLong(L, 2), optLong(L, 3, -1), len(str))
	L.Push(lua.LString(str[from:to]))
	return 1
}

func (s *State) strByte(L *lua.LState) int {
	str := checkString(L, 1)
	i := optLong(L, 2, 1)
	from, to := span(i, optLong(L, 3, i), len(str))
	if to-from >= s.limits.Unpack {
		raiseKnownLimit(L, s.budget(L), limitError(LimitUnpack, "string slice too long", strconv.Itoa(s.limits.Unpack)))
	}
	for _, c := range []byte(str[from:to]) {
		L.Push(lua.LNumber(c))
	}
	return to - from
}

func (s *State) strChar(L *lua.LState) int {
	out := make([]byte, L.GetTop())
	for i := range out {
		c := checkInt(L, i+1)
		if c < 0 || c > 255 {
			argError(L, i+1, "invalid value")
		}
		out[i] = byte(c)
	}
	L.Push(lua.LString(out))
	return 1
}

func strDump(L *lua.LState) int {
	raise(L, "unable to dump given function: bytecode is not accepted back")
	return 0
}

func (s *State) strRep(L *lua.LState) int {
	str, n := checkString(L, 1), checkLong(L, 2)
	if n <= 0 || str == "" {
		L.Push(lua.LString(""))
		return 1
	}
	if n > s.limits.StringSize || len(str) > s.limits.StringSize/n {
		s.tooLong(L)
	}
	s.reserve(L, len(str)*n)
	L.Push(lua.LString(strings.Repeat(str, n)))
	return 1
}

func strReverse(L *lua.LState) int {
	str := checkString(L, 1)
	out := make([]byte, len(str))
	for i := range out {
		out[i] = str[len(str)-1-i]
	}
	L.Push(lua.LString(out))
	return 1
}

func strLower(L *lua.LState) int {
	L.Push(lua.LString(mapBytes(checkString(L, 1), 'A', 'Z')))
	return 1
}

func strUpper(L *lua.LState) int {
	L.Push(lua.LString(mapBytes(checkString(L, 1), 'a', 'z')))
	return 1
}

// mapBytes changes the case of the ASCII letters from first to last.
func mapBytes(str string, first, last byte) string {
	out := []byte(str)
	for i, c := range out {
		if c >= first && c <= last {
			out[i] = c ^ 0x20
		}
	}
	return string(out)
}

// initial turns the third argument of find and match into a byte offset.
func initial(L *lua.LState, n int) int {
	i := optLong(L, 3, 1)
	if i < 0 {
		i = max(i+n+1, 1)
	}
	return min(max(i-1, 0), n)
}

// specials are the bytes that make a pattern more than plain text.
const specials = "^$*+?.([%-"
