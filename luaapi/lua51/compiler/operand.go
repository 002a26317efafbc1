package compiler

// An operand is an expression whose code may not be complete: the value is
// somewhere, but not necessarily in a register yet. What still has to be
// emitted is decided when it is known where the value goes.
type operand struct {
	state operandState
	// reg is the register, upvalue, constant, global's name, table register or
	// pc, depending on state.
	reg int
	key int // of an indexed operand: a register or constant
	// field tells for an indexed operand that the key is a constant string.
	field bool
	num   float64
	// yes and no are the jumps that leave the expression with a true or false
	// value.
	yes, no []int
}

type operandState uint8

const (
	isVoid     operandState = iota // no value
	isNil                          // a constant
	isTrue                         //
	isFalse                        //
	isConst                        // reg: constant
	isNumber                       // num
	isLocal                        // reg: the variable's register
	isUpvalue                      // reg: index of the upvalue
	isGlobal                       // reg: index of the name
	isIndexed                      // reg: the table's register, key
	isJump                         // reg: pc of the jump after a test
	isPending                      // reg: pc of an instruction that lacks its A
	isRegister                     // reg: a register the value is in
	isCall                         // reg: pc of a call with any number of results
	isVararg                       // reg: pc of a vararg instruction
)

func (e *operand) hasJumps() bool { return len(e.yes) > 0 || len(e.no) > 0 }

// isLiteral tells whether e is a number known now.
func (e *operand) isLiteral() bool { return e.state == isNumber && !e.hasJumps() }

// isMulti tells whether e may have any number of values.
func (e *operand) isMulti() bool { return e.state == isCall || e.state == isVararg }

func (e *operand) set(state operandState, reg int) { e.state, e.reg = state, reg }
