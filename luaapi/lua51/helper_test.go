package lua51

import (
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// program runs Lua code in a state of its own and returns what it printed and
// its error.
func program(t *testing.T, src string) (string, error) {
	t.Helper()
	return programIn(t, Options{}, 10*time.Second, src)
}

func programIn(t *testing.T, opts Options, cpu time.Duration, src string) (string, error) {
	t.Helper()
	s := New(opts)
	defer s.Close()
	out := &strings.Builder{}
	capturePrint(s, out)
	err := run(t, s, cpu, src)
	return out.String(), err
}

// capturePrint defines print to write to out.
func capturePrint(s *State, out *strings.Builder) {
	s.L().SetGlobal("print", s.L().NewFunction(func(L *lua.LState) int {
		for i := 1; i <= L.GetTop(); i++ {
			if i > 1 {
				out.WriteByte('\t')
			}
			out.WriteString(s.ToString(L, L.Get(i)).String())
		}
		out.WriteByte('\n')
		return 0
	}))
}

// run compiles and calls a chunk named "t".
func run(t *testing.T, s *State, cpu time.Duration, src string) error {
	t.Helper()
	proto, err := s.Compile("t", []byte(src))
	if err != nil {
		return err
	}
	_, err = s.Call(NewBudget(nil, cpu), s.L().NewFunctionFromProto(proto), 0)
	return err
}
