package compiler

import lua "github.com/yuin/gopher-lua"

// Instruction is one decoded instruction of gopher-lua's virtual machine, which
// has Lua 5.1's instructions with its own layout: six bits of operation code,
// eight of A, nine each of C and B, or eighteen of Bx in place of C and B.
type Instruction struct {
	Code, A, B, C int
	Bx            int // C and B together, unsigned
	Jump          int // Bx as a signed distance
}

const (
	maxA    = 1<<8 - 1
	maxC    = 1<<9 - 1
	maxBx   = 1<<18 - 1
	maxJump = maxBx >> 1
	// constantBit marks an operand as the index of a constant, of which only
	// the first 256 can be operands.
	constantBit = 1 << 8
)

// Decode takes an instruction apart.
func Decode(i uint32) Instruction {
	return Instruction{
		Code: int(i >> 26),
		A:    int(i>>18) & maxA,
		B:    int(i & maxC),
		C:    int(i>>9) & maxC,
		Bx:   int(i & maxBx),
		Jump: int(i&maxBx) - maxJump,
	}
}

func encodeABC(op, a, b, c int) uint32 {
	return uint32(op)<<26 | uint32(a&maxA)<<18 | uint32(c&maxC)<<9 | uint32(b&maxC)
}

func encodeABx(op, a, bx int) uint32 {
	return uint32(op)<<26 | uint32(a&maxA)<<18 | uint32(bx&maxBx)
}

func encodeJump(op, a, jump int) uint32 { return encodeABx(op, a, jump+maxJump) }

// IsConstant tells whether an operand names a constant, and which.
func IsConstant(operand int) (int, bool) {
	return operand &^ constantBit, operand&constantBit != 0
}

// setsA tells of which instructions Lua 5.1 says that they set register A when
// it looks for the name of a value. It says so of tests, so the result of "and"
// and "or" has no name.
var setsA = map[int]bool{
	lua.OP_MOVE: true, lua.OP_MOVEN: true, lua.OP_LOADK: true, lua.OP_LOADBOOL: true, lua.OP_GETUPVAL: true,
	lua.OP_GETGLOBAL: true, lua.OP_GETTABLE: true, lua.OP_GETTABLEKS: true, lua.OP_NEWTABLE: true,
	lua.OP_ADD: true, lua.OP_SUB: true, lua.OP_MUL: true, lua.OP_DIV: true, lua.OP_MOD: true, lua.OP_POW: true,
	lua.OP_UNM: true, lua.OP_NOT: true, lua.OP_LEN: true, lua.OP_CONCAT: true, lua.OP_TEST: true, lua.OP_TESTSET: true,
	lua.OP_FORLOOP: true, lua.OP_FORPREP: true, lua.OP_VARARG: true,
}
