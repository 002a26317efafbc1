package compiler

import (
	"errors"
	"fmt"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51/scan"
)

// parser reads tokens and tells the current function what to emit.
type parser struct {
	lexer *scan.Lexer
	src   string
	chunk string
	opts  Options

	tok      scan.Token // the current token
	ahead    scan.Token // the one after, if hasAhead
	hasAhead bool
	last     scan.Token // the one before the current one
	lastLine int        // where it ends

	f      *function
	opened []open // blocks that have not ended
	elseIf int    // the line of the last "else if", 0 for none
	depth  int    // of nested syntax
	tokens int    // read so far
	terms  int    // operators in the current expression
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
	if p.tok.Kind != scan.EOF {
		p.expected(scan.EOF)
	}
	f.leave()
	return f.finish(p.tok.Line)
}

func (p *parser) advance() {
	p.last, p.lastLine = p.tok, p.tok.Line
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
	p.tok = p.next()
}

// next reads the token behind those that have been read.
func (p *parser) next() scan.Token {
	t, err := p.lexer.Next()
	if bad := (*scan.Error)(nil); errors.As(err, &bad) {
		panic(stopError{&Error{Line: bad.Line, Column: bad.Column, Message: bad.Message}})
	}
	return t
}

func (p *parser) lookAhead() scan.Kind {
	if !p.hasAhead {
		p.ahead, p.hasAhead = p.next(), true
	}
	return p.ahead.Kind
}

// near is the current token as messages show it: strings with their escapes
// already read, a character that means nothing as a whole.
func (p *parser) near() string {
	if p.tok.Kind == scan.EOF {
		return scan.EOF.String()
	}
	source := p.src[p.tok.Start:p.tok.End]
	switch c := source[0]; {
	case p.tok.Kind == scan.Other && (c < ' ' || c == 127):
		return fmt.Sprintf("char(%d)", c)
	case p.tok.Kind == scan.Other && c >= utf8.RuneSelf:
		_, size := utf8.DecodeRuneInString(p.src[p.tok.Start:])
		return p.src[p.tok.Start : p.tok.Start+size]
	case p.tok.Kind == scan.String && c != '[':
		return source[:1] + p.tok.Text + source[:1]
	}
	return source
}

// fail stops with a message about the current token.
func (p *parser) fail(message string) { p.failHint(message, p.hint(message)) }

func (p *parser) failHint(message, hint string) {
	text := fmt.Sprintf("%s near '%s'", message, p.near())
	column := 1
	for i := p.tok.Start - 1; i >= 0 && p.src[i] != '\n' && p.src[i] != '\r'; i-- {
		column++
	}
	panic(stopError{&Error{Line: p.tok.Line, Column: column, Message: text, Hint: hint}})
}

// failAt stops with a message about something on that line; near is what it
// quotes, "" for nothing.
func (p *parser) failAt(line int, message, near string) {
	if near != "" {
		message = fmt.Sprintf("%s near '%s'", message, near)
	}
	panic(stopError{&Error{Line: line, Column: p.lexer.Column(), Message: message}})
}

func (p *parser) expected(k scan.Kind) { p.fail(fmt.Sprintf("'%s' expected", k)) }

// accept passes over a token of kind k and tells whether there was one.
func (p *parser) accept(k scan.Kind) bool {
	if p.tok.Kind == k {
		p.advance()
		return true
	}
	return false
}

func (p *parser) expect(k scan.Kind) {
	if !p.accept(k) {
		p.expected(k)
	}
}

// expectMatch passes over the token that ends what an earlier one began.
func (p *parser) expectMatch(k, began scan.Kind, line int) {
	if p.accept(k) {
		return
	}
	if line == p.tok.Line {
		p.expected(k)
	}
	p.fail(fmt.Sprintf("'%s' expected (to close '%s' at line %d)", k, began, line))
}

func (p *parser) name() string {
	if p.tok.Kind != scan.Name {
		p.expected(scan.Name)
	}
	name := p.tok.Text
	p.advance()
	return name
}

// nest enters one level of syntax, unnest leaves it.
func (p *parser) nest() {
	if p.depth++; p.depth > p.opts.MaxDepth {
		panic(stopError{&Error{Line: p.tok.Line, Message: "chunk has too many syntax levels", Limit: LimitDepth}})
	}
}

func (p *parser) unnest() { p.depth-- }

// term counts one operator of the current expression.
func (p *parser) term() {
	if p.terms++; p.terms > p.opts.MaxTerms {
		panic(stopError{&Error{Line: p.tok.Line, Message: "expression too long", Limit: LimitTerms}})
	}
}
