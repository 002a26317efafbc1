package compiler

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// breakLabel is the label behind a loop that break goes to. No label in the
// source can have the name.
const breakLabel = "break"

// breakLoop emits a break.
func (f *function) breakLoop() {
	b := f.block
	for b != nil && !b.loop {
		b = b.outer
	}
	if b == nil {
		f.p.failAt(f.p.tok.Line, "no loop to break", f.p.near())
	}
	f.forward(breakLabel, f.p.lastLine)
}

// gotoLabel emits a goto. Labels further up are known; others are bound when
// they are met.
func (f *function) gotoLabel(name string, line int) {
	for b := f.block; b != nil; b = b.outer {
		for _, l := range b.labels {
			if l.name != name {
				continue
			}
			if len(f.active) > l.variables {
				f.abc(lua.OP_CLOSE, l.variables, 0, 0)
			}
			f.jumpTo(l.pc)
			return
		}
	}
	f.forward(name, line)
}

// forward emits a jump to a label yet to come, with room before it to close
// variables: whether a closure uses them is known when their block ends.
func (f *function) forward(name string, line int) {
	if len(f.pending) >= maxLabels {
		f.fail("pending gotos", maxLabels)
	}
	f.abc(lua.OP_NOP, 0, 0, 0)
	f.pending = append(f.pending, pendingGoto{name: name, pc: f.jump(), line: line, variables: len(f.active)})
}

// label defines a label here. Last tells that nothing but labels follows in
// the block, so that the block's variables count as out of scope.
func (f *function) label(name string, line int, last bool) {
	l := label{name: name, pc: f.here(), line: line, variables: len(f.active)}
	if last {
		l.variables = f.block.variable
	}
	if f.labels++; f.labels > maxLabels {
		f.fail("labels", maxLabels)
	}
	f.block.labels = append(f.block.labels, l)
	f.bindGotos(f.block, l)
}

// checkLabel refuses a second label of a name that is visible here.
func (f *function) checkLabel(name string, line int) {
	for b := f.block; b != nil; b = b.outer {
		for _, l := range b.labels {
			if l.name == name {
				f.p.failAt(line, fmt.Sprintf("label '%s' already defined on line %d", name, l.line), "")
			}
		}
	}
}

// bindGotos binds the gotos of the block, and of those inside it that ended,
// which wait for this label.
func (f *function) bindGotos(b *block, l label) {
	kept := f.pending[:b.pending]
	for _, g := range f.pending[b.pending:] {
		if g.name != l.name {
			kept = append(kept, g)
			continue
		}
		if g.variables < l.variables {
			name := f.locals[f.active[g.variables]].Name
			f.p.failAt(g.line, fmt.Sprintf("<goto %s> at line %d jumps into the scope of local '%s'", g.name, g.line, name), "")
		}
		if g.close || b.captured && g.variables > l.variables {
			f.code[g.pc-1] = encodeABC(lua.OP_CLOSE, l.variables, 0, 0)
			f.bind(g.pc, l.pc)
		} else {
			f.code[g.pc-1] = f.code[g.pc]
			f.bind(g.pc-1, l.pc)
			f.bind(g.pc, l.pc)
		}
	}
	f.pending = kept
}

// leaveGotos hands the gotos that wait for a label on to the enclosing block.
func (f *function) leaveGotos(b *block) {
	for i := b.pending; i < len(f.pending); i++ {
		g := &f.pending[i]
		if f.block == nil {
			f.p.failAt(g.line, fmt.Sprintf("no visible label '%s' for <goto> at line %d", g.name, g.line), "")
		}
		g.close = g.close || b.captured
		g.variables = min(g.variables, b.variable)
	}
}
