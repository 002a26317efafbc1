package store

import (
	"bytes"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

func noStep() error { return nil }

// FuzzDecode: whatever bytes are in the database, decode ends with a value or
// an error, and what it accepts is written and read again the same.
func FuzzDecode(f *testing.F) {
	list := tables.CreateTable(0, 0)
	list.RawSetInt(1, lua.LNumber(1))
	table := tables.CreateTable(0, 0)
	table.RawSetString("a", list)
	table.RawSet(lua.LTrue, lua.LString("x"))
	for _, v := range []lua.LValue{lua.LTrue, lua.LNumber(0.1), lua.LString("text"), list, table} {
		b, err := encode(v, noStep)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte("l\xff\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := decode(b, noStep)
		if err != nil {
			return
		}
		first, err := encode(v, noStep)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := decode(first, noStep)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if second, err := encode(again, noStep); err != nil || len(second) != len(first) {
			t.Errorf("written %q, then %q, %v", first, second, err)
		}
	})
}

// TestFormat pins the bytes: later versions must read them.
func TestFormat(t *testing.T) {
	t.Parallel()
	list := tables.CreateTable(0, 0)
	list.RawSetInt(1, lua.LFalse)
	table := tables.CreateTable(0, 0)
	table.RawSetString("a", list)
	got, err := encode(table, noStep)
	if want := []byte("m\x01s\x01al\x01f"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	got, err = encode(lua.LNumber(1.5), noStep)
	if want := []byte("n\x3f\xf8\x00\x00\x00\x00\x00\x00"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}
