package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// Response is the core's answer to a command that it carried out.
type Response struct {
	// Type is the tag, as "newChatItems". An unknown one is kept.
	Type string
	// Raw is the object that has the tag, with the fields next to it.
	Raw json.RawMessage
	// body is what was read of Raw.
	body *body
}

// Items returns the items of a newChatItems response, in order, as
// Event.Items does.
func (r Response) Items() []Item { return Event{Type: r.Type, Raw: r.Raw, body: r.body}.Items() }

// Decode reads the response's fields into v, as json.Unmarshal does.
func (r Response) Decode(v any) error {
	if err := json.Unmarshal(r.Raw, v); err != nil {
		return fmt.Errorf("decode %s: %w", r.Type, err)
	}
	return nil
}

// ParseReply reads the reply to cmd. The error is a *CommandError where the
// core refused the command, a *ReplyError where the reply is not readable.
func ParseReply(cmd string, reply []byte) (Response, error) {
	env, err := openEnvelope(reply)
	if err != nil {
		return Response{}, &ReplyError{Command: CommandName(cmd), Cause: err}
	}
	if env.failed != nil {
		return Response{}, newCommandError(cmd, env.failed)
	}
	return Response{Type: env.body.tag, Raw: env.result, body: &env.body}, nil
}

// ParseSent reads the reply to a command that sends messages as ParseReply does,
// but leaves a reply that has the form of newChatItems unread until its items
// are asked for: most senders never do, and it is some kilobytes long.
func ParseSent(cmd string, reply []byte) (Response, error) {
	const head, tag = `{"result":`, `{"type":"newChatItems",`
	if len(reply) > len(head) && string(reply[:len(head)]) == head {
		raw, ok := bytes.CutSuffix(reply[len(head):], []byte("}"))
		if ok && bytes.HasPrefix(raw, []byte(tag)) && bytes.HasSuffix(raw, []byte("}")) {
			return Response{Type: "newChatItems", Raw: raw}, nil
		}
	}
	return ParseReply(cmd, reply)
}

// envelope is what stands around every reply and event: a result or an error.
type envelope struct {
	result, failed json.RawMessage
	body           body // of the result
}

func openEnvelope(data []byte) (envelope, error) {
	env, err := readEnvelope(data)
	if jsonscan.TooDeep(err) {
		return readEnvelope(jsonscan.Clip(data))
	}
	return env, err
}

func readEnvelope(data []byte) (envelope, error) {
	var env envelope
	c := jsonscan.New(data)
	if c.Kind() == jsonscan.None && c.End() == nil {
		return env, errors.New("it is empty")
	}
	c.Object(func(key []byte) {
		if c.Kind() != jsonscan.Object {
			return
		}
		from := c.Pos()
		switch string(key) {
		case "result":
			env.body = readBody(c, data)
			env.result = between(data, from, c.Pos())
		case "error":
			env.failed = c.Raw()
		}
	})
	switch err := c.End(); {
	case err != nil:
		return env, err
	case env.failed != nil && tagOf(env.failed) != "":
		return env, nil
	case env.failed != nil, env.result != nil && env.body.tag == "":
		return env, errors.New(`it has no "type"`)
	case env.result == nil:
		return env, errors.New(`it has neither an object "result" nor an object "error"`)
	}
	return env, nil
}

// between is the part of the data that a value was read from.
func between(data []byte, from, to int) []byte { return bytes.TrimSpace(data[from:to:to]) }

// tagOf reads the type of an object.
func tagOf(raw []byte) (tag string) {
	c := jsonscan.New(raw)
	c.Object(func(key []byte) {
		if string(key) == "type" {
			tag = c.String()
		}
	})
	return tag
}

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }
