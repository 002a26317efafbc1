package luaapi

import (
	"fmt"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"pgregory.net/rapid"

	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// TestDataTravels: any plain data comes out of decodeData as it went into
// encodeData, and has the same text again.
func TestDataTravels(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drawData(t, 3)
		text, err := encodeData(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeData(text)
		if err == nil {
			err = sameData(got, want)
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if again, err := encodeData(got); err != nil || string(again) != string(text) {
			t.Fatalf("got %s, %v, want %s again", again, err, text)
		}
	})
}

// drawData makes a table, at times of tables, whose keys are often no list's and
// no object's.
func drawData(t *rapid.T, levels int) lua.LValue {
	keys := []lua.LValue{
		lua.LNumber(1), lua.LNumber(2), lua.LNumber(3), lua.LNumber(0), lua.LNumber(-1), lua.LNumber(4.5), lua.LNumber(1e300),
		lua.LString("a"), lua.LString("4"), lua.LString(""), lua.LString(pairsKey), lua.LTrue, lua.LFalse,
	}
	data := newTable()
	for range rapid.IntRange(0, 4).Draw(t, "fields") {
		var v lua.LValue
		switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
		case kind == 0:
			v = lua.LNumber(rapid.IntRange(-1000, 1000).Draw(t, "number")) / 8
		case kind == 1:
			v = lua.LString(rapid.String().Draw(t, "text"))
		case kind == 2:
			v = luaconv.Null
		case kind == 3 || levels == 0:
			v = lua.LBool(rapid.Bool().Draw(t, "boolean"))
		default:
			v = drawData(t, levels-1)
		}
		data.RawSet(rapid.SampledFrom(keys).Draw(t, "key"), v)
	}
	return data
}

func sameData(got, want lua.LValue) error {
	a, isTable := got.(*lua.LTable)
	b, wantTable := want.(*lua.LTable)
	if !isTable || !wantTable {
		if got != want {
			return fmt.Errorf("got %v, want %v", got, want)
		}
		return nil
	}
	left := 0
	table.Each(a, func(_, _ lua.LValue) { left++ })
	var err error
	table.Each(b, func(k, v lua.LValue) {
		left--
		if bad := sameData(table.Get(a, k), v); bad != nil {
			err = fmt.Errorf("%v: %w", k, bad)
		}
	})
	if left != 0 {
		return fmt.Errorf("%d keys too many", left)
	}
	return err
}
