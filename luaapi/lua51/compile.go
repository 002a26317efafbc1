package lua51

import (
	"bytes"
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/compiler"
)

// Compile compiles a chunk, whose name is shown in messages as it is. A byte
// order mark and a first line that starts with # are skipped, line ends of any
// kind are line ends. Bytecode is refused. The error is a *SyntaxError, for a
// chunk that is too large or nested too deeply with a *LimitError as its cause.
//
// The prototype belongs to the State; NewFunctionFromProto of L makes a
// function of it.
func (s *State) Compile(chunk string, src []byte) (*lua.FunctionProto, error) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if len(src) > 0 && src[0] == '#' {
		end := bytes.IndexAny(src, "\r\n")
		if end < 0 {
			end = len(src)
		}
		src = src[end:]
	}
	return s.compile(chunk, string(src), nil)
}

// compile compiles source that does not come from a file. Tick, which may be nil
// or panic, is called again and again.
func (s *State) compile(chunk, src string, tick func()) (*lua.FunctionProto, error) {
	if len(src) > s.limits.SourceSize {
		return nil, syntaxLimit(chunk, 1, 0, limitError(LimitSource, "source too large", sizeText(int64(s.limits.SourceSize))))
	}
	if src != "" && src[0] == 0x1b {
		return nil, &SyntaxError{Chunk: chunk, Line: 1, Message: "precompiled code (bytecode) is not accepted; load the source"}
	}
	proto, err := compiler.Compile(chunk, src, compiler.Options{
		MaxDepth:  s.limits.SyntaxDepth,
		MaxTerms:  s.limits.Terms,
		Tick:      tick,
		Operators: s.operators,
	})
	var ce *compiler.Error
	if !errors.As(err, &ce) {
		return proto, err
	}
	switch ce.Limit {
	case compiler.LimitDepth:
		return nil, syntaxLimit(chunk, ce.Line, ce.Column, limitError(LimitSyntax, ce.Message, fmt.Sprint(s.limits.SyntaxDepth)))
	case compiler.LimitTerms:
		return nil, syntaxLimit(chunk, ce.Line, ce.Column, limitError(LimitTerms, ce.Message, fmt.Sprint(s.limits.Terms)))
	}
	return nil, &SyntaxError{Chunk: chunk, Line: ce.Line, Column: ce.Column, Message: ce.Message, Hint: ce.Hint}
}

func syntaxLimit(chunk string, line, column int, err *LimitError) error {
	return &SyntaxError{Chunk: chunk, Line: line, Column: column, Message: err.Error(), Cause: err}
}
