package lineedit

import (
	"bufio"
	"io"
	"strings"
)

// key is what a person pressed: a character, or one of the keys below.
type key rune

// Keys without a character, outside of what Unicode uses.
const (
	keyUnknown key = 0x110000 + iota
	keyEnter
	keyInterrupt
	keyEnd // of the input on an empty line; deletes on others
	keyLeft
	keyRight
	keyWordLeft
	keyWordRight
	keyHome
	keyEndOfLine
	keyUp
	keyDown
	keyBackspace
	keyDelete
	keyEraseWord
	keyEraseToStart
	keyEraseToEnd
	keyTab
	keyClear
	keyPaste // with the pasted text
)

// controls are the keys that send one byte.
var controls = map[rune]key{
	1: keyHome, 2: keyLeft, 3: keyInterrupt, 4: keyEnd, 5: keyEndOfLine, 6: keyRight, 8: keyBackspace, '\t': keyTab, '\n': keyEnter,
	11: keyEraseToEnd, 12: keyClear, '\r': keyEnter, 14: keyDown, 16: keyUp, 21: keyEraseToStart, 23: keyEraseWord, 127: keyBackspace,
}

// sequences are the keys that send an escape sequence, without its first byte.
var sequences = map[string]key{
	"[A": keyUp, "[B": keyDown, "[C": keyRight, "[D": keyLeft, "[H": keyHome, "[F": keyEndOfLine,
	"OA": keyUp, "OB": keyDown, "OC": keyRight, "OD": keyLeft, "OH": keyHome, "OF": keyEndOfLine,
	"[1~": keyHome, "[7~": keyHome, "[4~": keyEndOfLine, "[8~": keyEndOfLine, "[3~": keyDelete,
	"[1;5C": keyWordRight, "[1;5D": keyWordLeft, "[1;3C": keyWordRight, "[1;3D": keyWordLeft, "f": keyWordRight, "b": keyWordLeft,
	"\x7f": keyEraseWord, "\b": keyEraseWord, "[200~": keyPaste,
}

// pasteEnd ends what a terminal in bracketed paste mode sends for a paste.
const pasteEnd = "\x1b[201~"

// pasteLimit is how much of one paste is taken, in bytes.
const pasteLimit = 64 << 10

// keys reads a terminal's input.
type keys struct{ in *bufio.Reader }

// next blocks for the next key; text is what was pasted.
func (k keys) next() (pressed key, text string, err error) {
	r, _, err := k.in.ReadRune()
	switch {
	case err != nil:
		return 0, "", err
	case r == '\x1b':
		return k.escape()
	case r < ' ' || r == 127:
		if c, ok := controls[r]; ok {
			return c, "", nil
		}
		return keyUnknown, "", nil
	}
	return key(r), "", nil
}

// sequenceLimit is longer than any sequence that a terminal sends for a key.
const sequenceLimit = 16

// escape reads the rest of an escape sequence.
func (k keys) escape() (key, string, error) {
	var seq []byte
	for len(seq) < sequenceLimit {
		b, err := k.in.ReadByte()
		if err != nil {
			return 0, "", err
		}
		seq = append(seq, b)
		if len(seq) == 1 && (b == '[' || b == 'O') || len(seq) > 1 && b < 0x40 {
			continue // a final byte is a letter or ~
		}
		break
	}
	pressed, ok := sequences[string(seq)]
	switch {
	case !ok:
		return keyUnknown, "", nil
	case pressed == keyPaste:
		text, err := k.pasted()
		return keyPaste, text, err
	}
	return pressed, "", nil
}

// pasted reads up to the end of a paste.
func (k keys) pasted() (string, error) {
	var text strings.Builder
	for tail := ""; ; {
		b, err := k.in.ReadByte()
		if err != nil {
			return "", err
		}
		if text.Len() < pasteLimit {
			text.WriteByte(b)
		}
		tail += string([]byte{b})
		if len(tail) > len(pasteEnd) {
			tail = tail[1:]
		}
		if tail == pasteEnd {
			break
		}
	}
	s := strings.TrimSuffix(text.String(), pasteEnd)
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), nil
}

func newKeys(r io.Reader) keys { return keys{bufio.NewReader(r)} }
