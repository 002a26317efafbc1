package remote

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/jsonscan"
)

// frame is one message of the chat program.
type frame struct {
	kind frameKind
	// id is the corrId of a reply.
	id string
	// body is the reply or event in the form of the library: {"result":{…}} or
	// {"error":{…}}. It shares no memory with the message.
	body []byte
}

type frameKind int

const (
	frameEvent   frameKind = iota
	frameReply             // to the command with that id
	frameRefusal           // "invalid request": to a command whose id could not be read
)

// parseFrame reads a message. The error is a *FrameError.
//
//	{"corrId":"1","resp":{"type":"activeUser",…}}                  reply
//	{"corrId":"1","resp":{"type":"chatCmdError","chatError":{…}}}  refused command
//	{"resp":{"type":"newChatItems",…}}                             event
//	{"resp":{"type":"chatError","chatError":{…}}}                  error as an event
//	{"resp":{"type":"chatCmdError",…}}                             refused request
//
// What nests too deeply becomes null: people decide what stands in messages.
func parseFrame(data []byte) (frame, error) {
	f, err := readFrame(data)
	if jsonscan.TooDeep(err) {
		return readFrame(jsonscan.Clip(data))
	}
	return f, err
}

func readFrame(data []byte) (frame, error) {
	var (
		f             frame
		tag           string
		resp, failure []byte
	)
	c := jsonscan.New(data)
	c.Object(func(key []byte) {
		switch {
		case string(key) == "corrId" && c.Kind() == jsonscan.String:
			f.kind, f.id = frameReply, c.String()
		case string(key) == "resp" && c.Kind() == jsonscan.Object:
			from := c.Pos()
			c.Object(func(key []byte) {
				switch string(key) {
				case "type":
					tag = c.String()
				case "chatError":
					failure = c.Raw()
				}
			})
			resp = data[from:c.Pos()]
		}
	})
	err := c.End()
	switch {
	case err != nil:
	case resp == nil:
		err = errors.New(`it has no object "resp"`)
	case tag == "":
		err = errors.New(`its "resp" has no "type"`)
	}
	if err != nil {
		return frame{}, &FrameError{Size: len(data), Cause: err}
	}
	switch {
	case tag == "chatCmdError" && failure != nil:
		if f.kind == frameEvent {
			f.kind = frameRefusal
		}
		f.body = wrap("error", failure)
	case tag == "chatError" && failure != nil && f.kind == frameEvent:
		f.body = wrap("error", failure)
	default:
		f.body = wrap("result", resp)
	}
	return f, nil
}

func wrap(key string, value []byte) []byte {
	body := make([]byte, 0, len(value)+len(key)+5)
	body = append(append(append(body, `{"`...), key...), `":`...)
	return append(append(body, value...), '}')
}

// request makes the message for a command. Bytes that are not UTF-8 become
// U+FFFD: the program takes no other text.
func request(id, cmd string) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	// Two strings are always JSON.
	_ = e.Encode(struct {
		ID  string `json:"corrId"`
		Cmd string `json:"cmd"`
	}{id, cmd})
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}

// ownerCommands are what the owner of a program does with it: they begin so.
var ownerCommands = []string{
	"/_start", "/_stop", "/start", "/stop", "/_app", "/_db", "/db", "/_sql", "/sql", "/quit", "/q", "/exit",
	"/set file paths", "/_set file paths", "/_files_folder", "/files_folder", "/_temp_folder", "/remote_hosts_folder", "/_files_encrypt",
}

// refuseOwner returns an *OwnerError for a command that only the owner of the
// program may give. The core reads a command's words with one blank between.
func refuseOwner(cmd string) error {
	for _, c := range ownerCommands {
		rest, ok := strings.CutPrefix(cmd, c)
		if ok && (rest == "" || strings.ContainsAny(rest[:1], " \t\r\n")) {
			return &OwnerError{Command: chat.CommandName(cmd)}
		}
	}
	return nil
}
