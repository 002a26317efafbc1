package security

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// refused are commands that a script without permissions may not send, with a
// part of the error. SECRET stands for a path outside of the files folder.
var refused = []struct{ cmd, want string }{
	// Paths.
	{`/freceive 3 SECRET`, "--allow write="},
	{`/freceive 3 encrypt=off SECRET`, "--allow write="},
	{`/freceive 3 ../secret.txt`, "--allow write="},
	{`/freceive 3 out/secret.txt`, "--allow write="},
	{`/freceive 3 sub/../../secret.txt`, "--allow write="},
	{`/freceive 3 mine.txt/..`, "--allow write="},
	{`/_upload 1 SECRET`, "--allow read="},
	{`/_upload 1 ../secret.txt`, "--allow read="},
	{`/_upload 1 link.txt`, "--allow read="},
	{`/_upload 1  SECRET`, "begins or ends with a space"},
	{`/_upload 1 voilà`, "begins or ends with a space"}, // its last byte is A0
	{`/_download 1 simplex:/file#x SECRET`, "permission"},
	{`/_send @4 json [{"fileSource":{"filePath":"SECRET"},"msgContent":{"type":"file","text":""},"mentions":{}}]`, "--allow read="},
	{`/_send @4 json [{"filePath":"SECRET","msgContent":{"type":"file","text":""},"mentions":{}}]`, "--allow read="},
	{`/_send @4 json [{"fileSource":{"filePath":"mine.txt","filePath":"SECRET"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_send @4 json [{"fileSource":{"filePath":"SECRET","filePath":"mine.txt"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_send @4 json [{"fileSource":{"file\u0050ath":"SECRET"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_send @4 json [{"fileSource":{"filePath":"\u002e\u002e/secret.txt"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_send @4 json [{"fileSource":{"filePath":"..\/secret.txt"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_send @4 json [{"fileSource":{"filePath":"mine.txt\u0000"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_send @4 json [{"fileSource":{"filePath":""},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_send @4 json [{"msgContent":{"type":"text","text":"a"}},{"fileSource":{"filePath":"link.txt"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_send @4 live=on ttl=5 json [{"fileSource":{"filePath":"SECRET"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},
	{`/_create *1 json [{"fileSource":{"filePath":"SECRET"},"msgContent":{"type":"file","text":""}}]`, "--allow read="},

	// Hosts.
	{`/_server test 1 smp://k@127.0.0.1`, "--allow net=127.0.0.1"},
	{`/_server test 1 xftp://k:p@example.org:443`, "--allow net=example.org:443"},
	{`/_servers 1 [{"smpServers":[{"server":"smp://k@evil.example","preset":false}]}]`, "--allow net=evil.example"},

	// Settings of the program.
	{`/_network {"socksProxy":"127.0.0.1:9050"}`, "--allow core=/_network"},
	{`/_network info {"networkType":"none"}`, "--allow core=/_network"},
	{`/network socks=on`, "--allow core=/network"},
	{`/smp smp://k@evil.example`, "--allow core=/smp"},
	{`/_operators []`, "--allow core=/_operators"},
	{`/_hide user 1 "pass"`, "--allow core=/_hide"},
	{`/_switch @4`, "--allow core=/_switch"},
	{`/get subs`, "--allow core=/get"},
	{`/_user 2 "pass"`, "permission"},

	// The host's alone.
	{`/_db export {"archivePath":"/tmp/x"}`, "only simplex-lua itself"},
	{`/_db import {"archivePath":"/tmp/x"}`, "only simplex-lua itself"},
	{`/_db delete`, "only simplex-lua itself"},
	{`/_db encryption {"currentKey":"","newKey":"k"}`, "only simplex-lua itself"},
	{`/db export`, "only simplex-lua itself"},
	{`/db encrypt key`, "only simplex-lua itself"},
	{`/sql chat select * from users`, "only simplex-lua itself"},
	{`/sql agent select * from connections`, "only simplex-lua itself"},
	{`/sql slow`, "only simplex-lua itself"},
	{`/_start`, "only simplex-lua itself"},
	{`/_start main=on`, "only simplex-lua itself"},
	{`/_stop`, "only simplex-lua itself"},
	{`/_app suspend 0`, "only simplex-lua itself"},
	{`/_app activate`, "only simplex-lua itself"},
	{`/set file paths {"appFilesFolder":"/"}`, "only simplex-lua itself"},
	{`/_files_folder /`, "only simplex-lua itself"},
	{`/_temp_folder /`, "only simplex-lua itself"},
	{`/_delete user 1 del_smp=on`, "only simplex-lua itself"},
	{`/start remote host new`, "only simplex-lua itself"},
	{`/connect remote ctrl xrcp:/x`, "only simplex-lua itself"},
	{`/list remote hosts`, "only simplex-lua itself"},
	{`/stop remote ctrl`, "only simplex-lua itself"},
	{`/crc 1`, "only simplex-lua itself"},

	// What the grammar does not know, and what is nearly something.
	{`/file @alice SECRET`, "permission"},
	{`/f @alice SECRET`, "permission"},
	{`/image @alice SECRET`, "permission"},
	{`/fforward @alice 1`, "permission"},
	{`/q`, "permission"},
	{`/quit`, "permission"},
	{`/export`, "permission"},
	{``, "permission"},
	{` `, "permission"},
	{`/`, "permission"},
	{`_stop`, "permission"},
	{`//_stop`, "permission"},
	{`/_send @4 json`, "permission"},
	{`/_send @4 json {"fileSource":{"filePath":"SECRET"}}`, "permission"},
	{`/_send @4 json [{"fileSource":{"filePath":"SECRET"}]`, "permission"},
}

// odd are ways to write a command that the core, or a careless check, might take
// for the command itself.
var odd = []func(string) string{
	func(s string) string { return " " + s },
	func(s string) string { return "\t" + s },
	func(s string) string { return "\n" + s },
	func(s string) string { return "\u00a0" + s },
	func(s string) string { return "\ufeff" + s },
	func(s string) string { return s + " " },
	func(s string) string { return s + "\n" },
	func(s string) string { return s + "\r\n" },
	func(s string) string { return s + "\t \v\f" },
	func(s string) string { return s + "\xa0" }, // a space to the core, which looks at bytes
	func(s string) string { return s + "\u2003" },
	func(s string) string { return s + "\x00" },
	func(s string) string { return "\x00" + s },
	func(s string) string { return strings.ToUpper(s) },
	func(s string) string { return strings.Replace(s, " ", "  ", 1) },
	func(s string) string { return strings.Replace(s, " ", "\t", 1) },
	func(s string) string { return strings.Replace(s, " ", "\n", 1) },
	func(s string) string { return strings.Replace(s, " ", "\u00a0", 1) },
	func(s string) string { return strings.Replace(s, "/", "\uff0f", 1) },
	func(s string) string { return "/v\n/" + s },
	func(s string) string { return strings.Replace(s, "_", "_\u200b", 1) },
}

// TestRefusedCommands has every command of the list refused, as it is, and none
// reach the core, however it is spelled and whatever else is allowed.
func TestRefusedCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range refused {
		cmd := strings.ReplaceAll(r.cmd, "SECRET", w.secret)
		got := w.try(t, permission.Set{}, "bot.api.send_chat_cmd("+luaString(cmd)+")")
		if !strings.HasPrefix(got, "permission: ") || !strings.Contains(got, r.want) {
			t.Errorf("%q: got %q, want %q", cmd, got, r.want)
		}
	}
	var code strings.Builder
	for _, r := range refused {
		for _, f := range odd {
			cmd := f(strings.ReplaceAll(r.cmd, "SECRET", w.secret))
			code.WriteString("if pcall(bot.api.send_chat_cmd, " + luaString(cmd) + ") then error(" + luaString(cmd) + ") end\n")
		}
	}
	if got := w.try(t, permission.Set{}, code.String()); got != "" {
		t.Errorf("accepted: %q", got)
	}
	if sent := w.core.all(); len(sent) > 0 {
		t.Errorf("reached the core: %q", sent)
	}
}

// TestHostsCommands never reach the core, not even where all is allowed.
func TestHostsCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var code strings.Builder
	for _, r := range refused {
		if r.want != "only simplex-lua itself" {
			continue
		}
		for _, f := range append(odd, func(s string) string { return s }) {
			code.WriteString("pcall(bot.api.send_chat_cmd, " + luaString(f(r.cmd)) + ")\n")
		}
	}
	all := permission.Set{All: true, Core: []string{"/", "/_db", "/sql", "/_stop", "/ "}}
	if got := w.try(t, all, code.String()); got != "" {
		t.Errorf("got %q", got)
	}
	for _, sent := range w.core.all() {
		if cmd := strings.TrimRightFunc(strings.TrimRight(sent, "\x00"), atEnd); strings.HasPrefix(cmd, "/") && isRefused(cmd) {
			t.Errorf("reached the core: %q", sent)
		}
	}
}

// atEnd tells what the core may cut off the end of a command.
func atEnd(r rune) bool { return unicode.IsSpace(r) || r == utf8.RuneError }

func isRefused(cmd string) bool {
	for _, r := range refused {
		if r.cmd == cmd {
			return true
		}
	}
	return false
}

// TestOtherWaysToTheCore are the functions that make commands themselves, and a
// handler of on_send that changes one.
func TestOtherWaysToTheCore(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		`bot.send_file("@4", SECRET)`:                                                  "--allow read=",
		`bot.send_file("@4", "../secret.txt")`:                                         "--allow read=",
		`bot.send_file("@4", "out/secret.txt")`:                                        "--allow read=",
		`bot.send_image("@4", "link.txt")`:                                             "--allow read=",
		`bot.send_voice("@4", SECRET)`:                                                 "--allow read=",
		`bot.send_video("@4", SECRET)`:                                                 "--allow read=",
		`bot.api.read_file(SECRET)`:                                                    "--allow read=",
		`bot.api.write_file("../x", "x")`:                                              "--allow write=",
		`bot.api.encrypt_file(SECRET, "x")`:                                            "--allow read=",
		`bot.api.encrypt_file("mine.txt", "out/x")`:                                    "--allow write=",
		`bot.api.decrypt_file("mine.txt", { fileKey = "k", fileNonce = "n" }, "../x")`: "--allow write=",
		`bot.api.call("APISendMessages", { sendRef = { chatType = "direct", chatId = 4 }, liveMessage = false, composedMessages = { { fileSource = { filePath = SECRET }, msgContent = { type = "file", text = "" }, mentions = {} } } })`: "--allow read=",
		`bot.api.call("APIStopChat", {})`: "",
		`bot.api.call("/_stop", {})`:      "",
		`bot.api.stop_chat()`:             "",
		`bot.api.close()`:                 "",
		`bot.on_send(function() return "/_stop" end) bot.send("@4", "x")`:                                                          "only simplex-lua itself",
		`bot.on_send(function() return " /_db delete" end) bot.send("@4", "x")`:                                                    "permission",
		`bot.on_send(function() return "/_upload 1 " .. SECRET end) bot.send("@4", "x")`:                                           "--allow read=",
		`bot.on_send(function() return setmetatable({}, { __tostring = function() return "/_stop" end }) end) bot.send("@4", "x")`: "",
		`bot.send("@4 json []\n/_stop", "x")`:                                                                                      "",
		`bot.send("@4\n", "x")`:                                                                                                    "",
		`bot.api.leave_group("1\n/_stop")`:                                                                                         "",
		`bot.api.send_chat_cmd(setmetatable({}, { __tostring = function() return "/_stop" end }))`:                                 "",
	} {
		w := newWorld(t)
		got := w.try(t, permission.Set{}, code)
		if got == "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want an error with %q", code, got, want)
		}
		for _, sent := range w.core.all() {
			t.Errorf("%s: reached the core: %q", code, sent)
		}
	}
}
