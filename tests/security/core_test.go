package security

import (
	"strings"
	"testing"

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
	{`/_upload 1 none`, "leads to nothing"},
	{`/_download 1 simplex:/file#x SECRET`, "--allow write="},
	{`/_download 1 simplex:/file#x link.txt`, "--allow write="},
	{`/_download 1 simplex:/file#x none`, "leads to nothing"},
	{"/_download 1 simplex:/file#x\xa0SECRET mine.txt", "could not be parsed"},
	{`/freceive 3 none`, "leads to nothing"},
	{`/freceive 3 none/x`, "leads to nothing"},
	{`/freceive 3 own.db-journal`, "SQLite"},
	{"/_upload 1 \xff", "not UTF-8"},
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
	{`/get remote file 1 {}`, "only simplex-lua itself"},
	{`/q`, "only simplex-lua itself"},
	{`/quit`, "only simplex-lua itself"},
	{`/exit`, "only simplex-lua itself"},

	// What the grammar does not know, and what is nearly something.
	{`/file @alice SECRET`, "permission"},
	{`/f @alice SECRET`, "permission"},
	{`/fr 3 SECRET`, "permission"},
	{`/img @alice SECRET`, "permission"},
	{`/fd @alice SECRET`, "permission"},
	{`/ntf test ntf://k@127.0.0.1`, "permission"},
	{`/net socks=127.0.0.1:9050`, "permission"},
	{`/image @alice SECRET`, "permission"},
	{`/fforward @alice 1`, "permission"},
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

// TestHostsCommands: in no spelling does one of them reach the core, not even
// where all is allowed.
func TestHostsCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var code strings.Builder
	for _, r := range refused {
		if r.want != "only simplex-lua itself" {
			continue
		}
		for _, f := range append(odd, func(s string) string { return s }) {
			cmd := luaString(f(r.cmd))
			code.WriteString("if pcall(bot.api.send_chat_cmd, " + cmd + ") then error(" + cmd + ") end\n")
		}
	}
	all := permission.Set{All: true, Core: []string{"/", "/_db", "/sql", "/_stop", "/ "}}
	if got := w.try(t, all, code.String()); got != "" {
		t.Errorf("accepted: %q", got)
	}
	if sent := w.core.all(); len(sent) > 0 {
		t.Errorf("reached the core: %q", sent)
	}
}

// TestWorkingFolder: what lies in the folder that the process was started in is
// out of reach, though the core takes relative paths from there.
func TestWorkingFolder(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		`bot.api.send_chat_cmd("/_upload 1 secret.txt")`:                                            "/_upload 1 FILES/secret.txt",
		`bot.api.send_chat_cmd("/_upload 1 files/../secret.txt")`:                                   "",
		`bot.api.send_chat_cmd("/_download 1 simplex:/file#x bot.lua")`:                             "/_download 1 simplex:/file#x FILES/bot.lua",
		`bot.api.send_chat_cmd("/freceive 3 encrypt=off bot.lua ")`:                                 "/freceive 3 encrypt=off FILES/bot.lua",
		`bot.api.call("APIUploadStandaloneFile", { userId = 1, filePath = "secret.txt" })`:          "/_upload 1 FILES/secret.txt",
		`bot.on_send(function() return "/_upload 1 secret.txt" end) bot.api.send_chat_cmd("/user")`: "/_upload 1 FILES/secret.txt",
	} {
		w := newWorld(t)
		_ = w.try(t, permission.Set{}, code)
		if got := strings.Join(w.core.all(), "\n"); got != strings.ReplaceAll(want, "FILES", w.files) {
			t.Errorf("%s: sent %q, want %q", code, got, want)
		}
	}
}

// TestRemoteCore: a chat program that runs already has files of its own, which
// relative paths would lead to.
func TestRemoteCore(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		`bot.api.send_chat_cmd("/_upload 1 mine.txt")`:                                                                                "has to be a whole path",
		`bot.api.send_chat_cmd("/_download 1 simplex:/file#x mine.txt")`:                                                              "has to be a whole path",
		`bot.api.send_chat_cmd("/freceive 3 mine.txt")`:                                                                               "has to be a whole path",
		`bot.api.send_chat_cmd([=[/_send @4 json [{"fileSource":{"filePath":"mine.txt"},"msgContent":{"type":"file","text":""}}]]=])`: "has to be a whole path",
		`bot.api.send_chat_cmd([=[/_create *1 json [{"fileSource":{"filePath":"x"},"msgContent":{"type":"file","text":""}}]]=])`:      "has to be a whole path",
		`bot.api.send_chat_cmd("/_upload 1 " .. SECRET)`:                                                                              "--allow read=",
		`bot.api.send_chat_cmd([=[/_send @4 json [{"fileSource":{"filePath":"/etc/x"},"msgContent":{"type":"file","text":""}}]]=])`:   "--allow read=",
	} {
		w := newWorld(t)
		w.core.remote = true
		if got := w.try(t, permission.Set{}, code); !strings.Contains(got, want) || !strings.HasPrefix(got, "permission: ") {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
		for _, sent := range w.core.all() {
			t.Errorf("%s: reached the core: %q", code, sent)
		}
	}
	w := newWorld(t)
	w.core.remote = true
	if got := w.try(t, permission.Set{}, `bot.api.send_chat_cmd("/_upload 1 " .. FILES .. "/mine.txt")`); got != "" {
		t.Errorf("the bot's own file: got %q", got)
	}
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
		`bot.api.call("APIStopChat", {})`: "only simplex-lua itself",
		`bot.api.call("/_stop", {})`:      "only simplex-lua itself",
		`bot.api.stop_chat()`:             "does not exist: use bot.stop()",
		`bot.api.close()`:                 "does not exist: use bot.stop()",
		`bot.on_send(function() return "/_stop" end) bot.send("@4", "x")`:                                                          "only simplex-lua itself",
		`bot.on_send(function() return " /_db delete" end) bot.send("@4", "x")`:                                                    "permission",
		`bot.on_send(function() return "/_upload 1 " .. SECRET end) bot.send("@4", "x")`:                                           "--allow read=",
		`bot.on_send(function() return setmetatable({}, { __tostring = function() return "/_stop" end }) end) bot.send("@4", "x")`: "must return nothing, false or a command",
		`bot.send("@4 json []\n/_stop", "x")`:                                                                                      "is not a chat",
		`bot.send("@4\n", "x")`:                                                                                                    "is not a chat",
		`bot.api.leave_group("1\n/_stop")`:                                                                                         "want a whole number",
		`bot.api.send_chat_cmd(setmetatable({}, { __tostring = function() return "/_stop" end }))`:                                 "want a command as a string",
		`bot.api.call("APIUploadStandaloneFile", { userId = 1, filePath = SECRET })`:                                               "--allow read=",
		`bot.api.call("APIDownloadStandaloneFile", { userId = 1, fileLink = "simplex:/file#x", filePath = SECRET })`:               "--allow write=",
		`bot.api.call("ReceiveFile", { fileId = 1, filePath = "none/x" })`:                                                         "leads to nothing",
		`bot.api.write_file("none", "x")`:                                                                                          "leads to nothing",
		`bot.api.encrypt_file("mine.txt", "none")`:                                                                                 "leads to nothing",
		`bot.api.decrypt_file("mine.txt", { fileKey = "k", fileNonce = "n" }, "none")`:                                             "leads to nothing",
	} {
		w := newWorld(t)
		got := w.try(t, permission.Set{}, code)
		if want == "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want an error with %q", code, got, want)
		}
		for _, sent := range w.core.all() {
			t.Errorf("%s: reached the core: %q", code, sent)
		}
	}
}
