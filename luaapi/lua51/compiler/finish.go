package compiler

import (
	"fmt"
	"iter"
	"slices"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// finish ends the function and makes its prototype.
func (f *function) finish(line int) *lua.FunctionProto {
	f.emitAt(encodeABC(lua.OP_RETURN, 0, 1, 0), line)
	f.threadJumps()
	f.joinMoves()
	f.placeGlobals()

	p := f.container()
	p.SourceName = f.p.chunk
	p.LineDefined = f.lineDefined
	p.LastLineDefined = line
	if f.lineDefined == 0 {
		p.LastLineDefined = 0
	}
	p.NumUpvalues = uint8(len(f.upvalues))
	p.NumParameters = uint8(f.params)
	p.IsVarArg = f.vararg
	// This is how many registers each call sets to nil, and all that have to be
	// there at the start: code sets a register before it reads it. One more than
	// the parameters, for a tail call drops the last.
	p.NumUsedRegisters = uint8(f.params + 2)
	p.Code = f.code
	p.Constants = f.values
	p.FunctionPrototypes = f.children
	p.DbgSourcePositions = f.lines
	for pc, line := range f.lines {
		f.lines[pc] = PackPosition(line, pc)
	}
	p.DbgLocals = f.locals
	p.DbgCalls = f.calls
	p.DbgUpvalues = make([]string, len(f.upvalues))
	for i, u := range f.upvalues {
		p.DbgUpvalues[i] = u.name
	}
	return p
}

// each yields the instructions with their places, and leaves out the words that
// only look like some: those that say what a closure captures, and the count of a
// long SETLIST.
func (f *function) each() iter.Seq2[int, Instruction] {
	return func(yield func(int, Instruction) bool) {
		for pc := 0; pc < len(f.code); pc++ {
			i := f.at(pc)
			if !yield(pc, i) {
				return
			}
			switch {
			case i.Code == lua.OP_CLOSURE:
				pc += int(f.children[i.Bx].NumUpvalues)
			case i.Code == lua.OP_SETLIST && i.C == 0:
				pc++
			}
		}
	}
}

// threadJumps lets jumps to jumps go where those go.
func (f *function) threadJumps() {
	for pc, i := range f.each() {
		if i.Code != lua.OP_JMP {
			continue
		}
		target := pc + 1 + i.Jump
		for hops := 0; hops < 8; hops++ {
			next := f.at(target)
			if next.Code != lua.OP_JMP {
				break
			}
			target += 1 + next.Jump
		}
		if distance := target - (pc + 1); distance <= maxJump && distance >= -maxJump {
			f.code[pc] = encodeJump(lua.OP_JMP, 0, distance)
		}
	}
}

// joinMoves marks runs of moves, which the virtual machine can do in one step.
// The moves stay what they are, for jumps into the run.
func (f *function) joinMoves() {
	joined := 0 // the moves before it belong to a run
	for pc, i := range f.each() {
		if i.Code != lua.OP_MOVE || pc < joined {
			continue
		}
		run := 0
		for pc+run+1 < len(f.code) && f.at(pc+run+1).Code == lua.OP_MOVE && run < maxC {
			run++
		}
		if run > 0 {
			f.code[pc] = encodeABC(lua.OP_MOVEN, i.A, i.B, run)
		}
		joined = pc + run + 1
	}
}

// placeGlobals gives the names of globals that are not among the first 256
// constants the indices after those, and moves the other constants up.
func (f *function) placeGlobals() {
	if len(f.names) == 0 {
		return
	}
	values := slices.Clone(f.values[:constantBit])
	for _, name := range f.names {
		values = append(values, lua.LString(name))
	}
	f.values = append(values, f.values[constantBit:]...)
	for pc, i := range f.each() {
		if i.Code == lua.OP_LOADK && i.Bx >= constantBit {
			f.code[pc] = encodeABx(lua.OP_LOADK, i.A, i.Bx+len(f.names))
		}
	}
}

// container returns a prototype whose hidden table of strings holds the names
// that instructions for globals and fields refer to, at their indices. Only
// gopher-lua's compiler fills that table, from the constants it meets, so it
// gets to compile a chunk that returns one string after the other.
func (f *function) container() *lua.FunctionProto {
	count := min(len(f.values), constantBit+len(f.names))
	chunk := make([]ast.Stmt, count)
	named := false
	for i := range chunk {
		text, ok := f.values[i].(lua.LString)
		named = named || ok
		if !ok {
			text = lua.LString(f.newString(i))
		}
		chunk[i] = &ast.ReturnStmt{Exprs: []ast.Expr{&ast.StringExpr{Value: string(text)}}}
	}
	if !named {
		return &lua.FunctionProto{}
	}
	p, err := lua.Compile(chunk, f.p.chunk)
	if err != nil || len(p.Constants) != count {
		panic(fmt.Sprintf("lua.Compile no longer keeps constants in order: %v", err))
	}
	return p
}

// newString returns a string that is none of the constants: each one that the
// container meets must be new, or the indices would shift.
func (f *function) newString(i int) string {
	text := fmt.Sprintf("\x00%d", i)
	for {
		if _, used := f.constants[constant{kind: scan.String, text: text}]; !used {
			return text
		}
		text += "\x00"
	}
}
