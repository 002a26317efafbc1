package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Call is a command with its parameters, as programs write it in JSON:
// {"command":"APILeaveGroup","params":{"groupId":2}}.
type Call struct {
	Command string `json:"command"`
	Params  Params `json:"params"`
}

// ParseCall reads a Call. Integers keep all digits; text that is not UTF-8,
// also as an escape of half a character, is refused at its byte.
func ParseCall(data []byte) (Call, error) {
	var c Call
	if at := badUTF8(string(data)); at >= 0 {
		return c, fmt.Errorf("not UTF-8 at byte %d", at+1)
	}
	if at := loneSurrogate(data); at >= 0 {
		return c, fmt.Errorf("half a character (%s) at byte %d", data[at:at+6], at+1)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&c); err != nil {
		var typ *json.UnmarshalTypeError
		switch {
		case errors.Is(err, io.EOF):
			err = errors.New("it is empty")
		case errors.As(err, &typ):
			err = fmt.Errorf("%q is of another kind: %s", typ.Field, typ.Value)
		}
		return c, fmt.Errorf("not a command as JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return c, fmt.Errorf("not a command as JSON: text after its end, at byte %d", dec.InputOffset()+1)
	}
	if c.Command == "" {
		return c, errors.New(`not a command as JSON: "command" is missing`)
	}
	return c, nil
}

// loneSurrogate returns the offset of an escape \ud800…\udfff that is not one of
// a pair, or -1. The JSON package would replace it without a word.
func loneSurrogate(data []byte) int {
	unit := func(i int) uint64 {
		if i+6 > len(data) || data[i] != '\\' || data[i+1] != 'u' {
			return 0
		}
		n, _ := strconv.ParseUint(string(data[i+2:i+6]), 16, 16)
		return n
	}
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		switch u := unit(i); {
		case u < 0xd800 || u > 0xdfff:
			i++ // whatever is escaped is no backslash of its own
		case u < 0xdc00 && unit(i+6) >= 0xdc00 && unit(i+6) <= 0xdfff:
			i += 11
		default:
			return i
		}
	}
	return -1
}
