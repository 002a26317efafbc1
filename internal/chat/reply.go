package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Response is the core's answer to a command that it carried out.
type Response struct {
	// Type is the tag, as "newChatItems". An unknown one is kept.
	Type string
	// Raw is the object that has the tag, with the fields next to it.
	Raw json.RawMessage
}

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
	if env.Error != nil {
		return Response{}, newCommandError(cmd, env.Error)
	}
	return Response{Type: env.tag, Raw: env.Result}, nil
}

// envelope is what stands around every reply and event.
type envelope struct {
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
	tag    string
}

func openEnvelope(data []byte) (envelope, error) {
	var env envelope
	if len(bytes.TrimSpace(data)) == 0 {
		return env, errors.New("it is empty")
	}
	if err := json.Unmarshal(data, &env); err != nil {
		return env, err
	}
	body := env.Result
	switch {
	case isObject(env.Error):
		env.Result, body = nil, env.Error
	case isObject(env.Result):
		env.Error = nil
	default:
		return env, errors.New(`it has neither an object "result" nor an object "error"`)
	}
	var tagged struct {
		Type *string `json:"type"`
	}
	if err := json.Unmarshal(body, &tagged); err != nil {
		return env, err
	}
	if tagged.Type == nil || *tagged.Type == "" {
		return env, errors.New(`it has no "type"`)
	}
	env.tag = *tagged.Type
	return env, nil
}

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }
