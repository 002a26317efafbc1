package luaapi

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// Limits bound what one operation of a script may cost, where counting its time
// does not help. The zero value is the defaults.
type Limits struct {
	lua lua51.Limits
	// memory bounds the heap of the process, in bytes; 0 is the default.
	memory int64
}

// ParseLimits reads NAME=VALUE entries as --limit takes them. The names are those
// that errors tell: memory_limit, source_limit, syntax_limit, term_limit,
// string_limit, pattern_limit, unpack_limit, call_limit, nesting_limit. Values
// are whole numbers; KiB, MiB and GiB may follow them.
func ParseLimits(entries []string) (Limits, error) {
	var l Limits
	fields := map[string]*int{
		lua51.LimitSource: &l.lua.SourceSize, lua51.LimitSyntax: &l.lua.SyntaxDepth, lua51.LimitTerms: &l.lua.Terms,
		lua51.LimitString: &l.lua.StringSize, lua51.LimitPattern: &l.lua.PatternSteps, lua51.LimitUnpack: &l.lua.Unpack,
		lua51.LimitCalls: &l.lua.CallDepth, lua51.LimitNesting: &l.lua.Nesting,
	}
	for _, e := range entries {
		name, value, _ := strings.Cut(e, "=")
		n, err := parseAmount(value)
		switch field := fields[name]; {
		case err != nil:
			return l, fmt.Errorf("--limit %s: want NAME=VALUE with a value from 1, as string_limit=64MiB", e)
		case name == lua51.LimitMemory:
			l.memory = int64(n)
		case field == nil:
			names := slices.Sorted(maps.Keys(fields))
			return l, fmt.Errorf("--limit %s: unknown limit %s%s; there are %s and %s", e, name,
				nearest.Hint(name, names), strings.Join(names, ", "), lua51.LimitMemory)
		default:
			*field = n
		}
	}
	return l, nil
}

func parseAmount(s string) (int, error) {
	unit := 1
	for suffix, size := range map[string]int{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30} {
		if digits, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = digits, size
		}
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1<<40/unit {
		return 0, fmt.Errorf("%q is no amount", s)
	}
	return n * unit, nil
}

// MemoryLimit is how many bytes the scripts of the process may take together.
func MemoryLimit() int64 { return lua51.MemoryLimit() }

// apply sets what is bounded for the whole process. The last runtime that was
// loaded with a memory limit decides.
func (l Limits) apply() {
	if l.memory > 0 {
		lua51.SetMemoryLimit(l.memory)
	}
}
