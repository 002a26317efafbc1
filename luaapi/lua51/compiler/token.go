package compiler

// kind is what a token is.
type kind uint8

const (
	tokEOF kind = iota
	tokName
	tokNumber
	tokString

	tokAnd
	tokBreak
	tokDo
	tokElse
	tokElseif
	tokEnd
	tokFalse
	tokFor
	tokFunction
	tokIf
	tokIn
	tokLocal
	tokNil
	tokNot
	tokOr
	tokRepeat
	tokReturn
	tokThen
	tokTrue
	tokUntil
	tokWhile

	tokPlus
	tokMinus
	tokStar
	tokSlash
	tokPercent
	tokCaret
	tokHash
	tokEq
	tokNe
	tokLe
	tokGe
	tokLt
	tokGt
	tokAssign
	tokOpenParen
	tokCloseParen
	tokOpenBrace
	tokCloseBrace
	tokOpenBracket
	tokCloseBracket
	tokSemicolon
	tokColon
	tokDoubleColon
	tokComma
	tokDot
	tokConcat
	tokDots

	tokOther // a character that means nothing
)

var kindNames = [...]string{
	tokEOF: "<eof>", tokName: "<name>", tokNumber: "<number>", tokString: "<string>",
	tokAnd: "and", tokBreak: "break", tokDo: "do", tokElse: "else", tokElseif: "elseif", tokEnd: "end",
	tokFalse: "false", tokFor: "for", tokFunction: "function", tokIf: "if", tokIn: "in", tokLocal: "local",
	tokNil: "nil", tokNot: "not", tokOr: "or", tokRepeat: "repeat", tokReturn: "return", tokThen: "then",
	tokTrue: "true", tokUntil: "until", tokWhile: "while",
	tokPlus: "+", tokMinus: "-", tokStar: "*", tokSlash: "/", tokPercent: "%", tokCaret: "^", tokHash: "#",
	tokEq: "==", tokNe: "~=", tokLe: "<=", tokGe: ">=", tokLt: "<", tokGt: ">", tokAssign: "=",
	tokOpenParen: "(", tokCloseParen: ")", tokOpenBrace: "{", tokCloseBrace: "}",
	tokOpenBracket: "[", tokCloseBracket: "]", tokSemicolon: ";", tokColon: ":", tokDoubleColon: "::",
	tokComma: ",", tokDot: ".", tokConcat: "..", tokDots: "...", tokOther: "?",
}

func (k kind) String() string { return kindNames[k] }

var keywords = func() map[string]kind {
	m := make(map[string]kind, tokWhile-tokAnd+1)
	for k := tokAnd; k <= tokWhile; k++ {
		m[kindNames[k]] = k
	}
	return m
}()

// token is one token. Its line is that on which it ends, as in Lua 5.1.
type token struct {
	kind       kind
	text       string  // of a name or string: its value
	number     float64 // of a number
	start, end int     // the bytes of the source it consists of
	line       int
}
