package compiler

import (
	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// table reads a table constructor. Elements without a key are collected in
// registers and stored fifty at a time.
func (p *parser) table(e *operand) {
	f := p.f
	line := p.tok.Line
	pc := f.abc(lua.OP_NEWTABLE, 0, 0, 0)
	*e = operand{state: isPending, reg: pc}
	f.intoNext(e)
	table := e.reg
	var item operand
	items, waiting, fields := 0, 0, 0
	p.expect(scan.OpenBrace)
	for p.tok.Kind != scan.CloseBrace {
		if item.state != isVoid {
			f.intoNext(&item)
			item = operand{}
			if waiting == lua.FieldsPerFlush {
				f.storeItems(table, items, waiting)
				waiting = 0
			}
		}
		if p.tok.Kind == scan.OpenBracket || p.tok.Kind == scan.Name && p.lookAhead() == scan.Assign {
			p.field(table)
			fields++
		} else {
			p.expression(&item)
			items++
			waiting++
		}
		if !p.accept(scan.Comma) && !p.accept(scan.Semicolon) {
			break
		}
	}
	p.expectMatch(scan.CloseBrace, scan.OpenBrace, line)
	if waiting > 0 {
		if item.isMulti() {
			f.setResults(&item, lua.MultRet)
			f.storeItems(table, items, 0)
			items--
		} else {
			if item.state != isVoid {
				f.intoNext(&item)
			}
			f.storeItems(table, items, waiting)
		}
	}
	// Sizes to begin with; the virtual machine takes them as they are.
	f.code[pc] = encodeABC(lua.OP_NEWTABLE, table, min(items, maxC), min(fields, maxC))
}

// field reads "name = value" or "[key] = value".
func (p *parser) field(table int) {
	f := p.f
	free := f.free
	var key operand
	if p.tok.Kind == scan.Name {
		key = operand{state: isConst, reg: f.stringConstant(p.name())}
	} else {
		p.bracketed(&key)
	}
	p.expect(scan.Assign)
	to := operand{state: isRegister, reg: table}
	f.index(&to, &key)
	var value operand
	p.expression(&value)
	f.store(&to, &value)
	f.free = free
}

// storeItems stores the elements in the registers after table, or all up to
// the top if count is 0. The last of them is the table's element number last.
func (f *function) storeItems(table, last, count int) {
	batch := (last-1)/lua.FieldsPerFlush + 1
	if batch <= maxC {
		f.abc(lua.OP_SETLIST, table, count, batch)
	} else {
		f.abc(lua.OP_SETLIST, table, count, 0)
		f.emit(uint32(batch))
	}
	f.free = table + 1
}
