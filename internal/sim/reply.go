package sim

import (
	"bytes"
	"encoding/json"
	"strconv"
	"sync"
)

// raw is JSON that is ready to be sent: a snapshot of state.
type raw []byte

// MarshalJSON returns the JSON as it is.
func (r raw) MarshalJSON() ([]byte, error) { return r, nil }

type encoder struct {
	buf bytes.Buffer
	enc *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.enc = json.NewEncoder(&e.buf)
	e.enc.SetEscapeHTML(false)
	return e
}}

// encode writes JSON as the core does, without escaping <, > and &.
func encode(v any) raw {
	if r, ok := v.(raw); ok {
		return r
	}
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	return bytes.Clone(e.encode(v))
}

// encode returns JSON that is good until the next call.
func (e *encoder) encode(v any) []byte {
	e.buf.Reset()
	if err := e.enc.Encode(v); err != nil {
		panic(err) // a type of ours that can't be JSON
	}
	return e.buf.Bytes()[:e.buf.Len()-1]
}

// object writes a JSON object of names and values in turn. A value of nil is
// left out, as the core never sends null.
func object(pairs ...any) raw {
	return append(appendPairs(append(make([]byte, 0, sizeOf(pairs)), '{'), pairs), '}')
}

// tagged is an object with a type.
func tagged(tag string, pairs ...any) raw {
	b := append(make([]byte, 0, sizeOf(pairs)+len(tag)), `{"type":"`...)
	b = append(append(b, tag...), '"')
	return append(appendPairs(b, pairs), '}')
}

// result is the reply or event of that type.
func result(tag string, pairs ...any) raw {
	b := append(make([]byte, 0, sizeOf(pairs)+len(tag)), `{"result":{"type":"`...)
	b = append(append(b, tag...), '"')
	return append(appendPairs(b, pairs), "}}"...)
}

// sizeOf is about how many bytes the pairs take.
func sizeOf(pairs []any) int {
	n := 32 + 16*len(pairs)
	for _, v := range pairs {
		switch v := v.(type) {
		case raw:
			n += len(v)
		case string:
			n += len(v)
		case []raw:
			for _, r := range v {
				n += len(r) + 1
			}
		}
	}
	return n
}

func appendPairs(b []byte, pairs []any) []byte {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, pairs[i].(string)...)
		b = append(b, '"', ':')
		b = appendValue(b, pairs[i+1])
	}
	return b
}

// appendValue writes a value; JSON that is ready is not read again.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case raw:
		return append(b, v...)
	case []raw:
		b = append(b, '[')
		for i, r := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, r...)
		}
		return append(b, ']')
	case bool:
		return strconv.AppendBool(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	}
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	return append(b, e.encode(v)...)
}

// apiError is what the core answers when it refuses a command.
type apiError struct{ body raw }

// Error returns the JSON of the error.
func (e *apiError) Error() string { return string(e.body) }

// chatError is an error of the chat layer: {"type":"error","errorType":{…}}.
func chatError(tag string, pairs ...any) error {
	return &apiError{tagged("error", "errorType", tagged(tag, pairs...))}
}

// storeError is an error of the database: {"type":"errorStore","storeError":{…}}.
func storeError(tag string, pairs ...any) error {
	return &apiError{tagged("errorStore", "storeError", tagged(tag, pairs...))}
}

// agentError is an error of the network layer.
func agentError(pairs ...any) error {
	return &apiError{tagged("errorAgent", "agentError", object(pairs...), "agentConnId", "")}
}

// commandError is the error with a text, which is what most bad commands get.
func commandError(text string) error { return chatError("commandError", "message", text) }

// errSyntax is the answer to whatever is not a command.
var errSyntax = commandError("Failed reading: empty")

// notSimulated is the honest answer to what is not modelled.
func notSimulated(name string) error { return commandError("not simulated: " + name) }
