package lua51

import (
	"fmt"
	"time"
)

// Limits bounds what one operation may cost where counting instructions does
// not help. A zero field means the default given with it. The time a handler
// may run is given with each Budget, the memory of the process with
// SetMemoryLimit.
type Limits struct {
	// SourceSize is the largest chunk that is compiled, in bytes. Default 8 MiB.
	SourceSize int
	// SyntaxDepth is how deep blocks, functions, tables and parentheses may be
	// nested in a chunk. Default 200, as in Lua 5.1.
	SyntaxDepth int
	// Terms is how many operators one expression may have. Default 10,000.
	Terms int
	// StringSize is the longest string that Lua code may build, in bytes.
	// Default 32 MiB.
	StringSize int
	// PatternSteps is how many steps one call of find, match, gmatch's
	// iterator or gsub may take, besides a few per byte of the subject.
	// Default 8 million, some 50 ms.
	PatternSteps int
	// Unpack is how many values unpack, string.byte and a coroutine's resume
	// may put on the stack at once. Default 7,990, as in Lua 5.1.
	Unpack int
	// CallDepth is how deep Lua functions may call each other. Default 20,000,
	// as in Lua 5.1; at most 1,000 in calls that begin while more than 200 are in
	// progress, as handlers that wait are.
	CallDepth int
	// Nesting is how many calls of pcall, xpcall, coroutine.resume and of Lua
	// functions from Go (callbacks) may be open. Default 198, as in Lua 5.1.
	Nesting int
}

// Names of the limits, as LimitError.Limit and in configuration.
const (
	LimitCPU     = "cpu_limit"
	LimitMemory  = "memory_limit"
	LimitSource  = "source_limit"
	LimitSyntax  = "syntax_limit"
	LimitTerms   = "term_limit"
	LimitString  = "string_limit"
	LimitPattern = "pattern_limit"
	LimitUnpack  = "unpack_limit"
	LimitCalls   = "call_limit"
	LimitNesting = "nesting_limit"
)

func (l Limits) withDefaults() Limits {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&l.SourceSize, 8<<20)
	set(&l.SyntaxDepth, 200)
	set(&l.Terms, 10_000)
	set(&l.StringSize, 32<<20)
	set(&l.PatternSteps, 8_000_000)
	set(&l.Unpack, 7_990)
	set(&l.CallDepth, 20_000)
	set(&l.Nesting, 198)
	return l
}

// LimitError says that a program ran into a limit: which one, what its value
// is, and which option changes it. It is the cause of an Error or, for
// SyntaxError, of that; find it with errors.As.
type LimitError struct {
	// Limit is the limit's name, one of the Limit constants.
	Limit string
	// Value is the limit in words: "1s", "32 MiB", "200".
	Value string
	// Detail says what ran into it, in words that follow the name.
	Detail string
	// Option is the name of the option that changes the limit.
	Option string
}

// Error names the limit, its value and the option that changes it.
func (e *LimitError) Error() string {
	return e.Detail + e.advice()
}

// advice follows the detail. Where Lua 5.1 has the same limit, code that catches
// the error sees the detail alone, as there.
func (e *LimitError) advice() string {
	return fmt.Sprintf(": %s exceeded (%s); option %s changes it", e.Limit, e.Value, e.Option)
}

func limitError(name, detail, value string) *LimitError {
	return &LimitError{Limit: name, Value: value, Detail: detail, Option: "--limit " + name + "=N"}
}

func cpuError(cpu time.Duration) *LimitError {
	return &LimitError{Limit: LimitCPU, Value: cpu.String(), Detail: "ran too long without waiting", Option: LimitCPU}
}

func memoryError(limit int64) *LimitError {
	return limitError(LimitMemory, "not enough memory", sizeText(limit))
}

func sizeText(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
