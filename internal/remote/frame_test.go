package remote

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseFrame(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		kind       frameKind
		id, body   string
	}{
		{"reply", `{"corrId":"1","resp":{"type":"cmdOk","a":[1]}}`, frameReply, "1", `{"result":{"type":"cmdOk","a":[1]}}`},
		{"odd id", `{"corrId":"\u0000é","resp":{"type":"cmdOk"}}`, frameReply, "\x00é", `{"result":{"type":"cmdOk"}}`},
		{"empty id", `{"corrId":"","resp":{"type":"cmdOk"}}`, frameReply, "", `{"result":{"type":"cmdOk"}}`},
		{"other order and more", ` {"resp" : {"x":null,"type":"cmdOk"} , "new":{} , "corrId":"7"} `, frameReply, "7", `{"result":{"x":null,"type":"cmdOk"} }`},
		{"refusal", `{"corrId":"1","resp":{"type":"chatCmdError","chatError":{"type":"error"}}}`, frameReply, "1", `{"error":{"type":"error"}}`},
		{"event", `{"resp":{"type":"newChatItems"}}`, frameEvent, "", `{"result":{"type":"newChatItems"}}`},
		{"error as an event", `{"resp":{"type":"chatError","chatError":{"type":"errorAgent"}}}`, frameEvent, "", `{"error":{"type":"errorAgent"}}`},
		{"errors stay an event", `{"resp":{"type":"chatErrors","chatErrors":[]}}`, frameEvent, "", `{"result":{"type":"chatErrors","chatErrors":[]}}`},
		{"invalid request", `{"resp":{"type":"chatCmdError","chatError":{"type":"error"}}}`, frameRefusal, "", `{"error":{"type":"error"}}`},
		{"id that is no string", `{"corrId":null,"resp":{"type":"x"}}`, frameEvent, "", `{"result":{"type":"x"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := parseFrame([]byte(tt.text))
			if err != nil || f.kind != tt.kind || f.id != tt.id || string(f.body) != tt.body {
				t.Errorf("got %v %q %s, %v; want %v %q %s", f.kind, f.id, f.body, err, tt.kind, tt.id, tt.body)
			}
		})
	}
	deep := `{"resp":{"type":"newChatItems","n":` + strings.Repeat("[", 7000) + strings.Repeat("]", 7000) + `}}`
	if f, err := parseFrame([]byte(deep)); err != nil || f.kind != frameEvent || !json.Valid(f.body) {
		t.Errorf("a message that nests deeply: got %v %.60s, %v", f.kind, f.body, err)
	}
	for _, text := range []string{``, `null`, `[]`, `"x"`, `{}`, `{"resp":1}`, `{"resp":{}}`, `{"resp":{"type":""}}`, `{"corrId":"1"}`, `{"resp":{"type":"x"}} 1`, `{"resp":{"type":"x"}`} {
		bad := (*FrameError)(nil)
		if _, err := parseFrame([]byte(text)); !errors.As(err, &bad) || bad.Size != len(text) {
			t.Errorf("%s: got %v, want a *FrameError", text, err)
		}
	}
}

// FuzzParseFrame: whatever comes, a frame is refused or becomes JSON of one field.
func FuzzParseFrame(f *testing.F) {
	for _, text := range []string{
		`{"corrId":"1","resp":{"type":"cmdOk"}}`, `{"resp":{"type":"chatError","chatError":{"type":"error"}}}`, `{"resp":{"type":"chatCmdError","chatError":1}}`, `{"resp":`, "",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parseFrame(data)
		if err != nil {
			return
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(got.body, &fields); err != nil || len(fields) != 1 {
			t.Errorf("%q became %q: %v", data, got.body, err)
		}
	})
}

// FuzzRequest: every command becomes JSON, unchanged where it is UTF-8.
func FuzzRequest(f *testing.F) {
	f.Add("1", `/_send @4 json [{"text":"<a> & \u2028"}]`)
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, id, cmd string) {
		var out struct {
			ID  string `json:"corrId"`
			Cmd string `json:"cmd"`
		}
		if err := json.Unmarshal(request(id, cmd), &out); err != nil {
			t.Fatalf("%q: %v", cmd, err)
		}
		if utf8.ValidString(id+cmd) && (out.ID != id || out.Cmd != cmd) {
			t.Errorf("got %q, %q; want %q, %q", out.ID, out.Cmd, id, cmd)
		}
	})
}
