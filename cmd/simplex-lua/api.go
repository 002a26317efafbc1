package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/internal/chat/api"
	"github.com/simplex-lua/simplex-lua/native"
)

func apiCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:      "api",
		Usage:     "explain what scripts can call, or write chat commands",
		ArgsUsage: "[NAME | encode]",
		Description: "Shows what a module has, and what a function, method, event, type or chat command\n" +
			"is, with its fields. Without a name it lists them all.\n\n" +
			"   simplex-lua api queue\n" +
			"   simplex-lua api send_text_message\n" +
			"   simplex-lua api APISendMessages\n" +
			"   simplex-lua api newChatItems\n\n" +
			"api encode reads one JSON object a line from standard input and prints for each\n" +
			"one line, {\"cmd\":…} or {\"error\":…}:\n\n" +
			"   echo '{\"command\":\"APILeaveGroup\",\"params\":{\"groupId\":2}}' | simplex-lua api encode",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "core-version", Value: native.Version, Usage: "write commands for this `VERSION` of the chat core"},
		},
		Action: func(c *cli.Context) error {
			if _, err := api.ParseVersion(c.String("core-version")); err != nil {
				return usagef("api: --core-version: %v", err)
			}
			switch {
			case c.Args().Len() > 1:
				return usagef("api: give one name, or none")
			case c.Args().First() == "encode":
				return encodeLines(s.in, s.out, api.For(c.String("core-version")))
			}
			return explain(s.out, c.Args().First())
		},
	}
}

// encodeLines answers each line of in with one line on out. A line that cannot
// be read or written is answered with its error, and the next one goes on.
func encodeLines(in io.Reader, out io.Writer, facts *api.Facts) error {
	r, w := bufio.NewReader(in), bufio.NewWriter(out)
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			w.Write(encodeLine(line, facts).json()) // Flush has the error
		}
		// Somebody may be waiting for the answer before writing the next line.
		if r.Buffered() == 0 || err != nil {
			if err := w.Flush(); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// encoded is one answer of api encode; exactly one member is set.
type encoded struct {
	Cmd   string `json:"cmd,omitempty"`
	Error string `json:"error,omitempty"`
}

// json is the answer as one line. Beside what the JSON package escapes, the
// control character U+0085 is, which some readers of lines take for an end.
func (e encoded) json() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		panic(err) // two strings
	}
	return bytes.ReplaceAll(b.Bytes(), []byte("\u0085"), []byte(`\u0085`))
}

func encodeLine(line []byte, facts *api.Facts) encoded {
	call, err := api.ParseCall(line)
	if err != nil {
		return encoded{Error: err.Error()}
	}
	cmd, err := facts.Documented(call.Command, call.Params)
	if err != nil {
		return encoded{Error: err.Error()}
	}
	return encoded{Cmd: cmd}
}
