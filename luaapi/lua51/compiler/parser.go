package compiler

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// parser reads tokens and tells the current function what to emit.
type parser struct {
	lexer lexer
	chunk string
	opts  Options

	tok      token // the current token
	ahead    token // the one after, if hasAhead
	hasAhead bool
	lastLine int // where the token before the current one ends

	f      *function
	depth  int // of nested syntax
	tokens int // read so far
	terms  int // operators in the current expression
}

// main compiles the whole chunk.
func (p *parser) main() *lua.FunctionProto {
	f := newFunction(p, nil, 0)
	f.vararg = lua.VarArgHasArg | lua.VarArgIsVarArg
	// gopher-lua writes the table of arguments, or nil, into the register after
	// the parameters of each vararg function, so that one is never in use then.
	p.f = f
	f.enter(false)
	p.advance()
	p.statements()
	if p.tok.kind != tokEOF {
		p.expected(tokEOF)
	}
	f.leave()
	return f.finish(p.tok.line)
}

func (p *parser) advance() {
	p.lastLine = p.tok.line
	if p.lastLine == 0 {
		p.lastLine = 1
	}
	if p.tokens++; p.tokens%tickTokens == 0 && p.opts.Tick != nil {
		p.opts.Tick()
	}
	if p.hasAhead {
		p.tok, p.hasAhead = p.ahead, false
		return
	}
	p.tok = p.lexer.next()
}

func (p *parser) lookAhead() kind {
	if !p.hasAhead {
		p.ahead, p.hasAhead = p.lexer.next(), true
	}
	return p.ahead.kind
}

// near is the current token as messages show it: strings with their escapes
// already read.
func (p *parser) near() string {
	if p.tok.kind == tokEOF {
		return tokEOF.String()
	}
	source := p.lexer.src[p.tok.start:p.tok.end]
	switch c := source[0]; {
	case p.tok.kind == tokOther && (c < ' ' || c == 127):
		return fmt.Sprintf("char(%d)", c)
	case p.tok.kind == tokString && c != '[':
		return source[:1] + p.tok.text + source[:1]
	}
	return source
}

// fail stops with a message about the current token.
func (p *parser) fail(message string) {
	text := fmt.Sprintf("%s near '%s'", message, p.near())
	column := 1
	for i := p.tok.start - 1; i >= 0 && p.lexer.src[i] != '\n' && p.lexer.src[i] != '\r'; i-- {
		column++
	}
	panic(stopError{&Error{Line: p.tok.line, Column: column, Message: text}})
}

func (p *parser) expected(k kind) { p.fail(fmt.Sprintf("'%s' expected", k)) }

// accept passes over a token of kind k and tells whether there was one.
func (p *parser) accept(k kind) bool {
	if p.tok.kind == k {
		p.advance()
		return true
	}
	return false
}

func (p *parser) expect(k kind) {
	if !p.accept(k) {
		p.expected(k)
	}
}

// expectMatch passes over the token that ends what an earlier one began.
func (p *parser) expectMatch(k, began kind, line int) {
	if p.accept(k) {
		return
	}
	if line == p.tok.line {
		p.expected(k)
	}
	p.fail(fmt.Sprintf("'%s' expected (to close '%s' at line %d)", k, began, line))
}

func (p *parser) name() string {
	if p.tok.kind != tokName {
		p.expected(tokName)
	}
	name := p.tok.text
	p.advance()
	return name
}

// nest enters one level of syntax, unnest leaves it.
func (p *parser) nest() {
	if p.depth++; p.depth > p.opts.MaxDepth {
		panic(stopError{&Error{Line: p.tok.line, Message: "chunk has too many syntax levels", Limit: LimitDepth}})
	}
}

func (p *parser) unnest() { p.depth-- }

// term counts one operator of the current expression.
func (p *parser) term() {
	if p.terms++; p.terms > p.opts.MaxTerms {
		panic(stopError{&Error{Line: p.tok.line, Message: "expression too long", Limit: LimitTerms}})
	}
}
