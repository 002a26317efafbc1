package sim

import (
	"bytes"
	"encoding/json"
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
	e.buf.Reset()
	if err := e.enc.Encode(v); err != nil {
		panic(err) // a type of ours that can't be JSON
	}
	return bytes.Clone(e.buf.Bytes()[:e.buf.Len()-1])
}

// object writes a JSON object of names and values in turn. A value of nil is
// left out, as the core never sends null.
func object(pairs ...any) raw {
	b := append(make([]byte, 0, 512), '{')
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, pairs[i].(string)...)
		b = append(b, '"', ':')
		b = append(b, encode(pairs[i+1])...)
	}
	return append(b, '}')
}

// tagged is an object with a type.
func tagged(tag string, pairs ...any) raw {
	return object(append([]any{"type", tag}, pairs...)...)
}

// result is the reply or event of that type.
func result(tag string, pairs ...any) raw { return object("result", tagged(tag, pairs...)) }

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
