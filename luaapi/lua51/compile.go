package lua51

import (
	"bytes"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// Compile compiles a chunk. The name is shown in messages as it is. A byte
// order mark and a first line that starts with # are skipped; the error is a
// *SyntaxError.
func (s *State) Compile(chunk string, src []byte) (*lua.FunctionProto, error) {
	stmts, err := parse.Parse(bytes.NewReader(src), chunk)
	if err != nil {
		return nil, &SyntaxError{Chunk: chunk, Message: err.Error(), Cause: err}
	}
	return lua.Compile(stmts, chunk)
}
