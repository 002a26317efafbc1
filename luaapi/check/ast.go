package check

// pos is a place in the source; columns count bytes from 1.
type pos struct{ line, column int }

// expr is an expression.
type expr interface{ at() pos }

type (
	// nameExpr is a variable.
	nameExpr struct {
		pos
		name string
	}
	// indexExpr is obj.name, or obj[key] where the key is no written name.
	indexExpr struct {
		pos  // of the name
		obj  expr
		name string // "" where it is not known
		key  expr
	}
	callExpr struct {
		pos
		fn     expr
		method string // obj:method(…); fn is the object
		args   []expr
	}
	functionExpr struct {
		pos
		params []*nameExpr
		vararg bool
		body   []stat
	}
	tableExpr struct {
		pos
		items []tableItem
	}
	literalExpr struct {
		pos
		kind  string // "string", "number", "boolean", "nil"
		text  string // of a string: its value
		whole bool   // of a number
	}
	// opExpr is an operator, … or anything else with a value that is not known.
	opExpr struct {
		pos
		parts []expr
	}
)

// tableItem is a field: with a name, with a key that is not known, or of a list.
type tableItem struct {
	pos
	name  string
	key   expr
	value expr
}

func (p pos) at() pos { return p }

// stat is a statement; a block is a list of them.
type stat interface{}

type (
	localStat struct {
		names  []*nameExpr
		values []expr
	}
	assignStat struct {
		targets []expr
		values  []expr
	}
	callStat struct{ call expr }
	// blockStat is any statement with blocks inside: conditions are evaluated
	// outside of them, except after (the condition of repeat).
	blockStat struct {
		before []expr
		names  []*nameExpr // of a for
		body   []stat
		after  []expr
	}
	localFunctionStat struct {
		name *nameExpr
		fn   *functionExpr
	}
	returnStat struct{ values []expr }
)
