package csv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/table"
)

// Module is require "csv".
var Module = module.Module{Name: "csv", Stability: module.Stable, Open: open}

const (
	maxText = 16 << 20 // bytes
	maxRows = 1_000_000
)

type tables struct{ vm module.VM }

func open(vm module.VM, L *lua.LState) lua.LValue {
	t := tables{vm}
	return vm.Table(L, "csv", map[string]lua.LGFunction{"decode": t.decode, "encode": t.encode}, nil)
}

// decodeOptions are what csv.decode takes.
type decodeOptions struct {
	Header    bool   `lua:"header"`
	Separator string `lua:"separator"`
	Comment   string `lua:"comment"`
	Lazy      bool   `lua:"lazy_quotes"`
	Trim      bool   `lua:"trim"`
	MaxRows   int    `lua:"max_rows"`
}

// decode is csv.decode(text[, options]) → rows.
func (t tables) decode(L *lua.LState) int {
	text := module.String(t.vm, L, 1, "csv.decode")
	o := decodeOptions{Separator: ",", MaxRows: 100_000}
	t.vm.Options(L, 2, "csv.decode", &o)
	if len(text) > maxText {
		t.vm.Raise(L, module.Errorf(module.ErrLimit, "csv.decode: the text has %d bytes, at most %d are read", len(text), maxText))
	}
	if o.MaxRows < 1 || o.MaxRows > maxRows {
		module.Argument(t.vm, L, "csv.decode.max_rows: want 1 to %d, got %d", maxRows, o.MaxRows)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	r.Comma = t.char(L, "csv.decode.separator", o.Separator)
	if o.Comment != "" {
		r.Comment = t.char(L, "csv.decode.comment", o.Comment)
	}
	r.LazyQuotes, r.TrimLeadingSpace, r.FieldsPerRecord, r.ReuseRecord = o.Lazy, o.Trim, -1, true
	rows, step := L.NewTable(), t.vm.Step(L)
	var header []string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.vm.Raise(L, module.Errorf(module.ErrData, "csv.decode: %v", err))
		}
		if err := step(); err != nil {
			t.vm.Raise(L, err)
		}
		if o.Header && header == nil {
			header = slices.Clone(record)
			continue
		}
		if table.Len(rows) == o.MaxRows {
			t.vm.Raise(L, module.Errorf(module.ErrLimit, "csv.decode: more than %d rows; max_rows raises that", o.MaxRows))
		}
		row := L.CreateTable(len(record), 0)
		for i, field := range record {
			switch {
			case header == nil:
				row.Append(lua.LString(field))
			case i < len(header):
				row.RawSetString(header[i], lua.LString(field))
			default:
				line, _ := r.FieldPos(0)
				t.vm.Raise(L, module.Errorf(module.ErrData, "csv.decode: line %d has %d fields, the header %d", line, len(record), len(header)))
			}
		}
		rows.Append(row)
	}
	L.Push(rows)
	return 1
}

// encodeOptions are what csv.encode takes.
type encodeOptions struct {
	Header    []string `lua:"header"`
	Separator string   `lua:"separator"`
	CRLF      bool     `lua:"crlf"`
}

// encode is csv.encode(rows[, options]) → text.
func (t tables) encode(L *lua.LState) int {
	rows := module.TableArg(t.vm, L, 1, "csv.encode")
	o := encodeOptions{Separator: ","}
	t.vm.Options(L, 2, "csv.encode", &o)
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = t.char(L, "csv.encode.separator", o.Separator), o.CRLF
	if o.Header != nil {
		t.write(L, w, o.Header)
	}
	step := t.vm.Step(L)
	for i := 1; i <= table.Len(rows); i++ {
		if err := step(); err != nil {
			t.vm.Raise(L, err)
		}
		row, ok := table.At(rows, i).(*lua.LTable)
		if !ok {
			module.Argument(t.vm, L, "csv.encode: row %d: want a table, got %s", i, module.Describe(table.At(rows, i)))
		}
		record := t.record(L, i, row, o.Header)
		if len(record) == 1 && record[0] == "" {
			w.Flush() // an empty line would be no row
			out.WriteString(`""`)
		}
		t.write(L, w, record)
	}
	w.Flush()
	L.Push(lua.LString(out.String()))
	return 1
}

// record takes the fields of a row, by the header's names or in order.
func (t tables) record(L *lua.LState, n int, row *lua.LTable, header []string) []string {
	size := table.Len(row)
	if header != nil {
		size = len(header)
	}
	record := make([]string, size)
	for i := range record {
		v := table.At(row, i+1)
		if header != nil && v == lua.LNil {
			v = table.Field(row, header[i])
		}
		switch v.Type() {
		case lua.LTString, lua.LTNumber, lua.LTBool:
			record[i] = v.String()
		case lua.LTNil:
		default:
			module.Argument(t.vm, L, "csv.encode: row %d, field %d: want a text or a number, got %s", n, i+1, module.Describe(v))
		}
	}
	return record
}

func (t tables) write(L *lua.LState, w *csv.Writer, record []string) {
	if err := w.Write(record); err != nil {
		module.Argument(t.vm, L, "csv.encode: %v", err)
	}
}

// char reads an option that is one character, as the separator.
func (t tables) char(L *lua.LState, what, s string) rune {
	c, size := utf8.DecodeRuneInString(s)
	if size == 0 || size != len(s) || c == '"' || c == '\r' || c == '\n' || c == utf8.RuneError {
		module.Argument(t.vm, L, "%s: want one character, got %q", what, s)
	}
	return c
}
