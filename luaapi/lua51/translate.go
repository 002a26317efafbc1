package lua51

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/compiler"
)

// translate gives a message raised by gopher-lua itself Lua 5.1's words. Such a
// message starts with the chunk and the packed position of the innermost Lua
// function, or with a space where there is none.
func (s *State) translate(L *lua.LState, b *Budget, text string) string {
	f, ok := innermost(L)
	if !ok {
		text, _ = s.goMessage(b, strings.TrimPrefix(text, " "))
		return text
	}
	source := f.fn.Proto.SourceName
	rest, ok := strings.CutPrefix(text, fmt.Sprintf("%s:%d: ", source, f.raw))
	if !ok {
		return packed.ReplaceAllStringFunc(text, unpackLine)
	}
	if top, _ := frameAt(L, 0); top.isLua() {
		rest = s.vmMessage(L, b, f, rest)
	} else {
		known := false
		if rest, known = s.goMessage(b, rest); known {
			return rest // Lua 5.1 gives these no position where C code runs
		}
	}
	return fmt.Sprintf("%s:%d: %s", source, f.line, rest)
}

// packed finds positions that reached a message at another level than the
// innermost, where a Go function raised it with LState.Error.
var packed = regexp.MustCompile(`:-[0-9]{8,}:`)

func unpackLine(text string) string {
	v, err := strconv.Atoi(text[1 : len(text)-1])
	if err != nil {
		return text
	}
	line, _ := compiler.UnpackPosition(v)
	return fmt.Sprintf(":%d:", line)
}

var badArgument = regexp.MustCompile(`^bad argument #(\d+) to ([^ '"]+) \(`)

// goMessage translates what LState's methods raise when a Go function calls
// them: the type is known there, the variable is not. It reports whether the
// message is one of the virtual machine's.
func (s *State) goMessage(b *Budget, text string) (string, bool) {
	if m := badArgument.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("bad argument #%s to '%s' (%s", m[1], m[2], text[len(m[0]):]), false
	}
	if t, ok := cutBetween(text, "attempt to index a non-table object(", ")"); ok {
		return fmt.Sprintf("attempt to index a %s value", t), true
	}
	if text == "attempt to call a non-function object" {
		return "attempt to call a nil value", true
	}
	if strings.HasPrefix(text, "attempt to compare ") {
		return s.sharedMessage(b, text), true
	}
	translated := s.sharedMessage(b, text)
	return translated, translated != text
}

// sharedMessage translates what needs no registers.
func (s *State) sharedMessage(b *Budget, text string) string {
	if types, ok := strings.CutPrefix(text, "attempt to compare "); ok {
		if x, y, _ := strings.Cut(types, " with "); x == y {
			return fmt.Sprintf("attempt to compare two %s values", x)
		}
		return text
	}
	switch text {
	case "stack overflow", "registry overflow":
		err := callDepthError(s.limits.CallDepth)
		b.limit = err
		return err.Detail
	case "too many recursions in gettable":
		return "loop in gettable"
	case "too many recursions in settable":
		return "loop in settable"
	case "for statement init must be a number":
		return "'for' initial value must be a number"
	case "for statement limit must be a number":
		return "'for' limit must be a number"
	case "for statement step must be a number":
		return "'for' step must be a number"
	}
	return text
}

// vmMessage translates an error of the instruction that f is at.
func (s *State) vmMessage(L *lua.LState, b *Budget, f frame, text string) string {
	p := f.fn.Proto
	if f.pc < 0 || f.pc >= len(p.Code) {
		return s.sharedMessage(b, text)
	}
	i := compiler.Decode(p.Code[f.pc])
	switch {
	case strings.HasPrefix(text, "attempt to index a non-table object("):
		t, _ := cutBetween(text, "attempt to index a non-table object(", ")")
		reg := i.B
		if i.Code == lua.OP_SETTABLE || i.Code == lua.OP_SETTABLEKS {
			reg = i.A
		}
		if v := register(L, f, reg); v == nil || v.Type().String() != t {
			return fmt.Sprintf("attempt to index a %s value", t)
		}
		return describe(L, f, reg, "index")
	case text == "attempt to call a non-function object":
		if i.Code == lua.OP_CALL || i.Code == lua.OP_TAILCALL || i.Code == lua.OP_TFORLOOP {
			text := describe(L, f, i.A, "call")
			if _, name := compiler.ObjectName(p, f.pc, i.A); name != "" {
				if hint := Instead(compiler.Receiver(p, f.pc, i.A) + "." + name); hint != "" {
					text += fmt.Sprintf(": %s", hint)
				}
			}
			return text
		}
		return "attempt to call a nil value"
	case strings.HasPrefix(text, "cannot perform ") && i.Code >= lua.OP_ADD && i.Code <= lua.OP_POW:
		if what := loopPart(p, f.pc, i); what != "" {
			return fmt.Sprintf("'for' %s must be a number", what)
		}
		bad := i.B
		if v := operand(L, f, i.B); v != nil {
			if _, ok := toNumber(v); ok {
				bad = i.C
			}
		}
		return describe(L, f, bad, "perform arithmetic on")
	case text == "__unm undefined":
		return describe(L, f, i.B, "perform arithmetic on")
	case text == "__len undefined":
		return describe(L, f, i.B, "get length of")
	}
	return s.sharedMessage(b, text)
}

// loopPart names the part of a numeric for that the instruction converts to a
// number: the compiler puts x = x - 0 in front of a loop for that.
func loopPart(p *lua.FunctionProto, pc int, i compiler.Instruction) string {
	if i.Code != lua.OP_SUB || i.A != i.B {
		return ""
	}
	for at := pc + 1; at < len(p.Code) && at <= pc+3; at++ {
		next := compiler.Decode(p.Code[at])
		switch next.Code {
		case lua.OP_SUB:
		case lua.OP_FORPREP:
			switch i.A - next.A {
			case 0:
				return "initial value"
			case 1:
				return "limit"
			case 2:
				return "step"
			}
			return ""
		default:
			return ""
		}
	}
	return ""
}

// describe says "attempt to OPERATION local 'x' (a nil value)" for an operand.
func describe(L *lua.LState, f frame, reg int, operation string) string {
	v := operand(L, f, reg)
	kind, name := "", ""
	if _, constant := compiler.IsConstant(reg); !constant {
		kind, name = compiler.ObjectName(f.fn.Proto, f.pc, reg)
	}
	return describeValue(v, kind, name, operation)
}

func describeValue(v lua.LValue, kind, name, operation string) string {
	t := "nil"
	if v != nil {
		t = v.Type().String()
	}
	if name == "" {
		return fmt.Sprintf("attempt to %s a %s value", operation, t)
	}
	return fmt.Sprintf("attempt to %s %s '%s' (a %s value)", operation, kind, name, t)
}

// operand returns the value of a register or constant of f, nil if unknown.
func operand(L *lua.LState, f frame, operand int) lua.LValue {
	if k, ok := compiler.IsConstant(operand); ok {
		if k < len(f.fn.Proto.Constants) {
			return f.fn.Proto.Constants[k]
		}
		return nil
	}
	return register(L, f, operand)
}

func register(L *lua.LState, f frame, reg int) lua.LValue {
	if name, v := L.GetLocal(f.dbg, reg+1); name != "" {
		return v
	}
	return nil
}

func cutBetween(text, before, after string) (string, bool) {
	rest, ok := strings.CutPrefix(text, before)
	if !ok {
		return "", false
	}
	inner, _, ok := strings.Cut(rest, after)
	return inner, ok
}
