package compiler

import "math/bits"

// gopher-lua keeps one int per instruction as its source line and shows it in
// messages, but never tells which instruction a frame is at. Where an int has
// 64 bits, ours holds both, negative so that it cannot be mistaken for a line.
const (
	pcBits       = 24
	packPosition = bits.UintSize == 64
)

// PackPosition returns the entry of FunctionProto.DbgSourcePositions for the
// instruction at pc.
func PackPosition(line, pc int) int {
	if !packPosition {
		return line
	}
	return -(line<<pcBits | pc) - 1
}

// UnpackPosition returns the source line and the instruction's index, which is
// -1 where it is not known.
func UnpackPosition(v int) (line, pc int) {
	if v >= 0 {
		return v, -1
	}
	v = -(v + 1)
	return v >> pcBits, v & (1<<pcBits - 1)
}
