package language

import (
	"errors"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Module is require "language".
var Module = module.Module{Name: "language", Stability: module.Stable, Open: open}

type languages struct{ vm module.VM }

func open(vm module.VM, L *lua.LState) lua.LValue {
	l := languages{vm}
	return vm.Table(L, "language", map[string]lua.LGFunction{"plural": l.plural, "match": l.match}, nil)
}

func (l languages) tag(L *lua.LState, name, what string) language.Tag {
	tag, err := language.Parse(name)
	if unknown := language.ValueError(nil); err != nil && !errors.As(err, &unknown) { // well formed is enough
		module.Argument(l.vm, L, "%s: %q is no language: want a tag as \"de\" or \"pt-BR\"", what, name)
	}
	return tag
}

var forms = map[plural.Form]string{
	plural.Other: "other", plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
}

// plural is language.plural(language, n) → "one", "other" and so on.
func (l languages) plural(L *lua.LState) int {
	tag := l.tag(L, module.String(l.vm, L, 1, "language.plural: the language"), "language.plural")
	n, ok := L.Get(2).(lua.LNumber)
	if !ok || math.IsNaN(float64(n)) || math.Abs(float64(n)) > 1e15 {
		module.Argument(l.vm, L, "language.plural: want a number, got %s", module.Describe(L.Get(2)))
	}
	// The rules look at the digits that are shown: i.v with f, t.
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(math.Abs(float64(n)), 'f', -1, 64), ".")
	i, _ := strconv.Atoi(whole)
	f, _ := strconv.Atoi(fraction[:min(len(fraction), 9)])
	L.Push(lua.LString(forms[plural.Cardinal.MatchPlural(tag, i, len(fraction), len(fraction), f, f)]))
	return 1
}

// match is language.match(wanted, available) → one of those available, the
// first where none suits.
func (l languages) match(L *lua.LState) int {
	wanted, available := module.TableArg(l.vm, L, 1, "language.match: the wanted"), module.TableArg(l.vm, L, 2, "language.match: the available")
	if table.Len(available) == 0 {
		module.Argument(l.vm, L, "language.match: none is available")
	}
	read := func(t *lua.LTable) (tags []language.Tag) {
		for i := 1; i <= table.Len(t); i++ {
			tags = append(tags, l.tag(L, table.At(t, i).String(), "language.match"))
		}
		return tags
	}
	_, i, _ := language.NewMatcher(read(available)).Match(read(wanted)...)
	L.Push(table.At(available, i+1))
	return 1
}
