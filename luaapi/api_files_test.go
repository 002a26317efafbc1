package luaapi

import (
	"encoding/base64"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// fileCore is a fakeCore that knows files: their content is what was written.
type fileCore struct {
	fakeCore
	calls []string
}

const cryptoReply = `{"type":"result","cryptoArgs":{"fileKey":"k","fileNonce":"n"}}`

func (c *fileCore) WriteFile(path string, data []byte) ([]byte, error) {
	c.calls = append(c.calls, "write "+path+" "+string(data))
	if strings.HasSuffix(path, "bad") {
		return []byte(`{"type":"error","writeError":"no space"}`), nil
	}
	return []byte(cryptoReply), nil
}

func (c *fileCore) ReadFile(path, key, nonce string) ([]byte, error) {
	if key != "k" || nonce != "n" {
		return nil, errors.New("wrong key")
	}
	return []byte("data of " + filepath.Base(path) + "\x00\xff"), nil
}

func (c *fileCore) EncryptFile(from, to string) ([]byte, error) {
	c.calls = append(c.calls, "encrypt "+from+" "+to)
	return []byte(cryptoReply), nil
}

func (c *fileCore) DecryptFile(from, key, nonce, to string) error {
	c.calls = append(c.calls, "decrypt "+from+" "+key+" "+nonce+" "+to)
	return nil
}

// startFiles starts a script on a fileCore with a files folder.
func startFiles(t *testing.T, script string) (*bot, *fileCore, string) {
	t.Helper()
	b, err := load(t, script)
	if err != nil {
		t.Fatal(err)
	}
	core, dir := &fileCore{}, t.TempDir()
	b.core = &core.fakeCore
	b.Attach(Session{Core: core, UserID: 1, FilesDir: dir, CoreVersion: "6.5.1.1"})
	return b, core, dir
}

func TestFileCrypto(t *testing.T) {
	t.Parallel()
	b, core, dir := startFiles(t, `bot.on_start(function()
  local key = bot.api.write_file("a.bin", "x\0y")
  print(key.fileKey, key.fileNonce)
  local data = bot.api.read_file("sub/a.bin", key)
  print(#data, data:byte(-1))
  bot.api.decrypt_file("a", bot.api.encrypt_file("a", "b"), "c")
  for _, f in ipairs {
    function() bot.api.write_file("../x", "") end,
    function() bot.api.write_file("/etc/passwd", "") end,
    function() bot.api.write_file("a\0b", "") end,
    function() bot.api.write_file("a", 5) end,
    function() bot.api.write_file("bad", "") end,
    function() bot.api.read_file("a", { fileKey = "z", fileNonce = "n" }) end,
    function() bot.api.read_file("a", { fileKey = "z" }) end,
    function() bot.api.read_file("a", { filekey = "z" }) end,
    function() bot.api.encrypt_file("a") end,
  } do
    local ok, e = pcall(f)
    print(ok, e.type, (e.message:gsub("\n.*", "")))
  end
end)`)
	b.Start(t.Context(), "start")
	want := `k	n
15	255
false	permission	write_file: ../x is outside the bot's files folder
false	permission	write_file: /etc/passwd is outside the bot's files folder
false	argument	write_file: the path has a NUL
false	argument	write_file: want the data as a string, got the number 5
false	command_error	write_file: the file could not be written: no space
false	command_error	read_file: wrong key
false	argument	read_file: want { fileKey = …, fileNonce = … }, as write_file and encrypt_file return it
false	argument	read_file: unknown option "filekey"; did you mean fileKey?
false	argument	encrypt_file: want the path of a file, got nil
`
	if got := b.logs.String(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	calls := strings.Join(core.calls, "\n")
	if want := "write " + in("a.bin") + " x\x00y\nencrypt " + in("a") + " " + in("b") + "\ndecrypt " + in("a") + " k n " + in("c") + "\nwrite " + in("bad") + " "; calls != want {
		t.Errorf("calls: got %q, want %q", calls, want)
	}
}

const acceptedReply = `{"result":{"type":"rcvFileAccepted","user":{"userId":1},"chatItem":{}}}`

// fileEvent is an event about a received file.
func fileEvent(t *testing.T, tag, path string) chat.Event {
	t.Helper()
	file := `"file":{"fileId":7,"fileName":"../re\nport.pdf","fileSize":12,"fileSource":{"filePath":"` + path + `"},"fileStatus":{"type":"rcvComplete"},"fileProtocol":"xftp"}`
	ev, err := chat.ParseEvent([]byte(`{"result":{"type":"` + tag + `","user":{"userId":1},"chatItem":{"chatInfo":{"type":"direct","contact":{"contactId":4}},"chatItem":{` + file + `}},"rcvFileTransfer":{"fileId":7}}}`))
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

// messageWithFile is a received message with a file.
func messageWithFile(t *testing.T) chat.Event {
	t.Helper()
	item := itemsJSON("@4", "directRcv", 1, `{"type":"rcvMsgContent","msgContent":{"type":"file","text":""}}`, "")
	item = strings.Replace(item, `"mentions":{}`, `"mentions":{},"file":{"fileId":7,"fileName":"../re\u0001port.pdf","fileSize":12,"fileStatus":{"type":"rcvInvitation"},"fileProtocol":"xftp"}`, 1)
	ev, err := chat.ParseEvent([]byte(`{"result":` + item + `}`))
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestDownload(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, call, reply, event string
		cmd, want                string
	}{
		{"complete", "msg:download()", acceptedReply, "rcvFileComplete", "/freceive 7 encrypt=off DIR/re_port_1.pdf", "re_port_1.pdf|12|7"},
		{"options", `msg:download("sub.pdf", { approved_relays = true, encrypt = true })`, acceptedReply, "rcvFileComplete", "/freceive 7 approved_relays=on encrypt=on DIR/sub.pdf", "re_port_1.pdf|12|7"},
		{"cancelled", "msg:download()", acceptedReply, "rcvFileSndCancelled", "/freceive 7 encrypt=off DIR/re_port_1.pdf", "chat_error|download: the sender took it back"},
		{"failed", "msg:download()", acceptedReply, "rcvFileError", "/freceive 7 encrypt=off DIR/re_port_1.pdf", "chat_error|download: the servers could not deliver it"},
		{"not approved", "msg:download()", `{"error":{"type":"error","errorType":{"type":"fileNotApproved","fileId":7,"unknownServers":["xftp://x"]}}}`, "", "/freceive 7 encrypt=off DIR/re_port_1.pdf", "approved_relays = true"},
		{"late", "msg:download(nil, { timeout = 0.01 })", acceptedReply, "", "/freceive 7 encrypt=off DIR/re_port_1.pdf", "timeout|download: the file did not come within 10ms"},
		{"too late", "msg:download()", `{"result":{"type":"rcvFileAcceptedSndCancelled","user":{"userId":1},"rcvFileTransfer":{}}}`, "", "/freceive 7 encrypt=off DIR/re_port_1.pdf", "command_error|download: the core answered rcvFileAcceptedSndCancelled"},
		{"outside", `msg:download("../x")`, acceptedReply, "", "", "permission|download: ../x is outside"},
		{"exists", `msg:download("re_port.pdf")`, acceptedReply, "", "", "argument|download: re_port.pdf exists already"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, _, dir := startFiles(t, `bot.on_message(function(msg)
  local ok, f = pcall(function() return `+tt.call+` end)
  if ok then
    msg:reply(f.path:match("[^/]*$") .. "|" .. f.size .. "|" .. f.file_id)
  else
    msg:reply(f.type .. "|" .. f.message)
  end
end)`)
			if err := os.WriteFile(filepath.Join(dir, "re_port.pdf"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			accepted := make(chan string, 1)
			b.core.answer = func(cmd string) (string, bool) {
				if strings.HasPrefix(cmd, "/freceive") {
					accepted <- cmd
					return tt.reply, true
				}
				return "", false
			}
			b.Start(t.Context(), "start")
			b.Dispatch(messageWithFile(t), nil)
			if tt.event != "" && !b.Offer(fileEvent(t, tt.event, "re_port_1.pdf"), nil) {
				t.Error("nobody waited for the file")
			}
			if err := b.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			texts := b.core.texts()
			if len(texts) != 1 || !strings.Contains(texts[0], tt.want) {
				t.Errorf("got %q, want %q; %s", texts, tt.want, b.logs)
			}
			cmd := ""
			if len(accepted) > 0 {
				cmd = <-accepted
			}
			// The whole path: of another one the core makes a file in the working folder.
			if want := strings.ReplaceAll(tt.cmd, "DIR", dir); cmd != want {
				t.Errorf("sent %q, want %q", cmd, want)
			}
		})
	}
}

func TestSafeName(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a.txt": "a.txt", "../../etc/passwd": "passwd", `C:\x\y.doc`: "y.doc", ".bashrc": "bashrc", "": "file", "..": "file", "/": "file",
		"a\x00b\nc": "a_b_c", "x ": "x", "a:b?": "a_b_", "\xff": "_", "own.db-journal": "own.db-journal_", "own.db-WAL": "own.db-WAL_", "a-shm": "a-shm_", "a-wal.txt": "a-wal.txt",
		"имя.jpg": "имя.jpg",
	} {
		if got := safeName(in); got != want {
			t.Errorf("safeName(%q): got %q, want %q", in, got, want)
		}
	}
	if got := safeName(strings.Repeat("ж", 300) + ".pdf"); len(got) > 150 || !strings.HasSuffix(got, ".pdf") {
		t.Errorf("a long name: got %q", got)
	}
}

// writePNG writes an image that compresses badly.
func writePNG(t *testing.T, path string, w, h int) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = uint8(rnd.Uint32())
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func TestSendMedia(t *testing.T) {
	t.Parallel()
	tests := []struct{ call, kind, rest string }{
		{`bot.send_image("@4", "noise.png", { caption = "look", quote = 9 })`, "image", `"quotedItemId":9`},
		{`bot.send_video("#2", "clip.mp4", { duration = 3, preview = "noise.png" })`, "video", `"duration":3`},
		{`bot.send_video("#2", "clip.mp4")`, "video", `"duration":0`},
		{`bot.send_voice("@4", "clip.mp4", { duration = 3, ttl = 60 })`, "voice", `"duration":3`},
		{`bot.send_file("#2", "clip.mp4", { crypto = { fileKey = "k", fileNonce = "n" } })`, "file", `"cryptoArgs":{"fileKey":"k","fileNonce":"n"}`},
		{`bot.send_link("@4", "see it", { uri = "https://x", title = "X", image = "noise.png" })`, "link", `"uri":"https://x","title":"X","description":""`},
	}
	for _, tt := range tests {
		b, core, dir := startFiles(t, "bot.on_start(function() local m = "+tt.call+" print(m.item_id) end)")
		writePNG(t, filepath.Join(dir, "noise.png"), 300, 200)
		if err := os.WriteFile(filepath.Join(dir, "clip.mp4"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.Start(t.Context(), "start")
		sent := core.sent()
		if len(sent) != 1 || len(sent[0]) > messageLimit || !strings.Contains(sent[0], `"type":"`+tt.kind+`"`) || !strings.Contains(sent[0], tt.rest) {
			t.Errorf("%s: sent %.300q; %s", tt.call, sent, b.logs)
		}
		if _, data, ok := strings.Cut(sent[0], `"image":"data:image/jpg;base64,`); ok {
			data, _, _ = strings.Cut(data, `"`)
			if _, err := base64.StdEncoding.DecodeString(data); err != nil {
				t.Errorf("%s: the preview is no base64: %v", tt.call, err)
			}
		} else if tt.kind != "voice" && tt.kind != "file" {
			t.Errorf("%s: no preview", tt.call)
		}
		if strings.TrimSpace(b.logs.String()) != "1001" {
			t.Errorf("%s: returned %s", tt.call, b.logs)
		}
	}
}

func TestSendMediaBad(t *testing.T) {
	t.Parallel()
	tests := []struct{ call, want string }{
		{`bot.send_image("@4", "text.png")`, "send_image: it is no JPEG, PNG, GIF or WebP image"},
		{`bot.send_image("@4", "none.png")`, "send_image: none.png is no file"},
		{`bot.send_image("@4", ".")`, "is no file"},
		{`bot.send_image("@4", "/etc/passwd")`, "send_image: /etc/passwd is outside the bot's files folder"},
		{`bot.send_image("@4", "text.png", { capton = "x" })`, `send_image: unknown option "capton"; did you mean caption?`},
		{`bot.send_image("@4", "text.png", { duration = 5 })`, "send_image.duration: only video and voice messages last"},
		{`bot.send_image("*1", "text.png")`, "send_image"},
		{`bot.send_file("@4", "text.png", { quote = "x" })`, "send_file.quote: want a message or its item_id"},
		{`bot.send_file("@4", "text.png", { caption = "a\0" })`, "has a NUL"},
		{`bot.send_file("here", "text.png")`, `send_file: "here" is not a chat`},
		{`bot.send_link("@4", "x", { title = "y" })`, "send_link.uri: is missing"},
		{`bot.send_image("@4", "wide.png")`, "an image of 60000×60000 pixels is too large"},
	}
	for _, tt := range tests {
		b, core, dir := startFiles(t, "bot.on_start(function() local ok, e = pcall(function() "+tt.call+" end) print(ok, e.message) end)")
		if err := os.WriteFile(filepath.Join(dir, "text.png"), []byte("no image"), 0o600); err != nil {
			t.Fatal(err)
		}
		// A small file that says it is a huge image.
		head := []byte("GIF89a\x60\xea\x60\xea\x00\x00\x00")
		if err := os.WriteFile(filepath.Join(dir, "wide.png"), head, 0o600); err != nil {
			t.Fatal(err)
		}
		b.Start(t.Context(), "start")
		if got := b.logs.String(); !strings.HasPrefix(got, "false") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %s, want %s", tt.call, got, tt.want)
		}
		if sent := core.sent(); len(sent) > 0 {
			t.Errorf("%s: sent %q", tt.call, sent)
		}
	}
}
