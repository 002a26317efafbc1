package scan

// Kind is what a token is. Its String is its text in messages.
type Kind uint8

const (
	EOF Kind = iota
	Name
	Number
	String

	And
	Break
	Do
	Else
	Elseif
	End
	False
	For
	Function
	If
	In
	Local
	Nil
	Not
	Or
	Repeat
	Return
	Then
	True
	Until
	While

	Plus
	Minus
	Star
	Slash
	Percent
	Caret
	Hash
	Eq
	Ne
	Le
	Ge
	Lt
	Gt
	Assign
	OpenParen
	CloseParen
	OpenBrace
	CloseBrace
	OpenBracket
	CloseBracket
	Semicolon
	Colon
	DoubleColon
	Comma
	Dot
	Concat
	Dots

	Other // a character that means nothing
)

var kindNames = [...]string{
	EOF: "<eof>", Name: "<name>", Number: "<number>", String: "<string>",
	And: "and", Break: "break", Do: "do", Else: "else", Elseif: "elseif", End: "end",
	False: "false", For: "for", Function: "function", If: "if", In: "in", Local: "local",
	Nil: "nil", Not: "not", Or: "or", Repeat: "repeat", Return: "return", Then: "then",
	True: "true", Until: "until", While: "while",
	Plus: "+", Minus: "-", Star: "*", Slash: "/", Percent: "%", Caret: "^", Hash: "#",
	Eq: "==", Ne: "~=", Le: "<=", Ge: ">=", Lt: "<", Gt: ">", Assign: "=",
	OpenParen: "(", CloseParen: ")", OpenBrace: "{", CloseBrace: "}",
	OpenBracket: "[", CloseBracket: "]", Semicolon: ";", Colon: ":", DoubleColon: "::",
	Comma: ",", Dot: ".", Concat: "..", Dots: "...", Other: "?",
}

func (k Kind) String() string { return kindNames[k] }

var keywords = func() map[string]Kind {
	m := make(map[string]Kind, While-And+1)
	for k := And; k <= While; k++ {
		m[kindNames[k]] = k
	}
	return m
}()

// Token is one token.
type Token struct {
	Kind   Kind
	Text   string  // of a name or string: its value
	Number float64 // of a number
	// Start and End are the bytes of the source that it consists of.
	Start, End int
	// Line is that on which it ends, as in Lua 5.1.
	Line int
}
