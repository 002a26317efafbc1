package difftest

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

//go:embed driver.lua
var driver []byte

// Reference runs programs in lua5.1.
type Reference struct {
	interpreter, driver, dir string
}

// ErrNoReference is returned by NewReference where lua5.1 is not installed.
var ErrNoReference = errors.New("lua5.1 is not installed (Debian: apt-get install lua5.1)")

// NewReference returns a Reference that keeps its files in dir.
func NewReference(dir string) (*Reference, error) {
	interpreter, err := exec.LookPath("lua5.1")
	if err != nil {
		return nil, ErrNoReference
	}
	r := &Reference{interpreter, filepath.Join(dir, "driver.lua"), dir}
	return r, os.WriteFile(r.driver, driver, 0o600)
}

// A batch takes a fraction of a second. The driver stops programs that run on,
// but not inside coroutines or functions of the library; then each runs alone.
const (
	batchTime = 30 * time.Second
	aloneTime = 2 * time.Second
)

// Run runs the programs in one process and returns what each printed.
func (r *Reference) Run(programs []string) ([]string, error) {
	outputs, err := r.run(programs, batchTime)
	if !errors.Is(err, context.DeadlineExceeded) {
		return outputs, err
	}
	outputs = make([]string, len(programs))
	for i, p := range programs {
		alone, err := r.run([]string{p}, aloneTime)
		switch {
		case err == nil:
			outputs[i] = alone[0]
		case errors.Is(err, context.DeadlineExceeded):
			outputs[i] = OutOfTime
		default:
			return nil, err
		}
	}
	return outputs, nil
}

func (r *Reference) run(programs []string, limit time.Duration) ([]string, error) {
	var batch bytes.Buffer
	for _, p := range programs {
		fmt.Fprintf(&batch, "%d\n%s", len(p), p)
	}
	file, err := os.CreateTemp(r.dir, "batch")
	if err != nil {
		return nil, err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(batch.Bytes()); err != nil {
		return nil, err
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	out, err := exec.CommandContext(ctx, r.interpreter, r.driver, file.Name()).Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("lua5.1: %w", err)
	}
	outputs := make([]string, 0, len(programs))
	for len(out) > 0 {
		length, rest, ok := bytes.Cut(out, []byte("\n"))
		n, err := strconv.Atoi(string(length))
		if !ok || err != nil || n > len(rest) {
			return nil, fmt.Errorf("lua5.1 wrote %q for a length", length)
		}
		outputs = append(outputs, string(rest[:n]))
		out = rest[n:]
	}
	if len(outputs) != len(programs) {
		return nil, fmt.Errorf("lua5.1 ran %d of %d programs", len(outputs), len(programs))
	}
	return outputs, nil
}

// OutOfTime and TooMuchOutput are part of the output of a program that either
// side stopped.
const (
	OutOfTime     = "out of time"
	TooMuchOutput = "too much output"
)

// Ours runs a program in a lua51.State of its own and returns what it printed.
func Ours(program string, opts lua51.Options) string {
	s := lua51.New(opts)
	defer s.Close()
	var out []string
	size := 0
	s.L().SetGlobal("print", s.L().NewFunction(func(L *lua.LState) int {
		parts := make([]string, L.GetTop())
		for i := range parts {
			parts[i] = show(s, L, L.Get(i+1))
		}
		line := strings.Join(parts, "\t")
		if size += len(line); size > 100_000 {
			L.RaiseError(TooMuchOutput)
		}
		out = append(out, line)
		return 0
	}))
	proto, err := s.Compile("p", []byte(program))
	if err != nil {
		return "syntax: " + err.Error()
	}
	_, err = s.Call(lua51.NewBudget(nil, 500*time.Millisecond), s.L().NewFunctionFromProto(proto), 0)
	var limit *lua51.LimitError
	var le *lua51.Error
	switch {
	case err == nil:
	case errors.As(err, &limit) && limit.Limit == lua51.LimitCPU:
		out = append(out, OutOfTime)
	case errors.As(err, &le):
		out = append(out, "error: "+show(s, s.L(), le.Value))
	}
	return strings.Join(out, "\n")
}

// show renders a value as the driver does: what has an address by its type.
func show(s *lua51.State, L *lua.LState, v lua.LValue) string {
	switch v.Type() {
	case lua.LTString, lua.LTNumber, lua.LTBool, lua.LTNil:
		return s.ToString(L, v).String()
	}
	return v.Type().String()
}
