package main

import (
	"bytes"
	"strings"
	"testing"
)

// program runs the program with standard input and returns what it wrote. Tests
// that call it are not parallel: the command-line library has flags of its own
// that all programs share.
func program(t *testing.T, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	oneProgram.Lock()
	defer oneProgram.Unlock()
	code = run(append([]string{"simplex-lua"}, args...), strings.NewReader(stdin), &out, &errs)
	return out.String(), errs.String(), code
}

// TestEncodeLines answers each line with a line, whatever is in it.
func TestEncodeLines(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{"command":"APILeaveGroup","params":{"groupId":9223372036854775807}}`, `{"cmd":"/_leave #9223372036854775807"}`},
		{`{"command":"APILeaveGroup","params":{"groupId":-1}}`, `{"error":"APILeaveGroup: groupId: must not be negative, got -1"}`},
		{`not json`, `{"error":"not a command as JSON: invalid character 'o' in literal null (expecting 'u')"}`},
		{``, `{"error":"not a command as JSON: it is empty"}`},
		{`{"command":"ShowActiveUser"} x`, `{"error":"not a command as JSON: text after its end, at byte 30"}`},
		{`{"params":{}}`, `{"error":"not a command as JSON: \"command\" is missing"}`},
		{`{"command":"ShowActiveUser","params":[]}`, `{"error":"not a command as JSON: \"params\" is of another kind: array"}`},
		{`{"command":"APISetContactCustomData","params":{"contactId":1,"customData":{"<":"\u2028\u0085&","n":1e400}}}`, `{"cmd":"/_set custom @1 {\"<\":\"\\u2028\u0085&\",\"n\":1e400}"}`},
		{"{\"command\":\"\xff\"}", `{"error":"not UTF-8 at byte 13"}`},
		{`{"command":"APIConnect","params":{"userId":1,"incognito":true}}`, `{"cmd":"/_connect 1"}`},
		{`{"command":"APIAllowRelayGroup","params":{"groupId":1}}`, `{"error":"APIAllowRelayGroup: core 6.5.1 does not have this command; 7.0.0-beta.2 has"}`},
	}
	var in, want strings.Builder
	for i, tt := range tests {
		if i > 0 {
			in.WriteString("\n") // the last line has no end
		}
		in.WriteString(tt.in)
		want.WriteString(tt.want + "\n")
	}
	out, errs, code := program(t, in.String(), "api", "encode", "--core-version", "6.5.1")
	if code != 0 || errs != "" || out != want.String() {
		t.Errorf("code %d, %s\n got %s\nwant %s", code, errs, out, want.String())
	}
	out, _, _ = program(t, `{"command":"APIAllowRelayGroup","params":{"groupId":1}}`, "api", "--core-version=7.0.0.6", "encode")
	if want := `{"cmd":"/_relay allow #1"}` + "\n"; out != want {
		t.Errorf("got %s, want %s", out, want)
	}
}

func TestExplain(t *testing.T) {
	tests := []struct {
		args   []string
		stdout string
		stderr string
		code   int
	}{
		{[]string{"api"}, "bot.api.send_text_message(chat, text, in_reply_to?) ", "", 0},
		{[]string{"api", "send_text_message"}, "in_reply_to?  integer", "", 0},
		{[]string{"api", "APISendMessages"}, "/_send <sendRef>[ live=on][ ttl=<ttl>] json <composedMessages:json>", "", 0},
		{[]string{"api", "newChatItems"}, "Response.newChatItems", "", 0},
		{[]string{"api", "bot"}, "  bot.on_message(filter, fn) ", "", 0},
		{[]string{"api", "queue"}, "  queue.open(name, options?)     Opens a queue\n  Queue:work(fn) ", "", 0},
		{[]string{"api", "Llm"}, "with what there is of it, and tells whether there was one\n", "", 0},
		{[]string{"api", "send_text_mesage"}, "", "did you mean send_text_message?", 2},
		{[]string{"api", "a", "b"}, "", "give one name", 2},
		{[]string{"api", "encode", "--core-version", "new"}, "", `"new" is not a version`, 2},
	}
	for _, tt := range tests {
		out, errs, code := program(t, "", tt.args...)
		if code != tt.code || !strings.Contains(out, tt.stdout) || !strings.Contains(errs, tt.stderr) {
			t.Errorf("%q: code %d, %.300q, %.300q", tt.args, code, out, errs)
		}
	}
}
