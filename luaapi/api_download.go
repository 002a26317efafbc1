package luaapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/api"
	"github.com/simplex-lua/simplex-lua/luaapi/luaconv"
)

// downloadTimeout is how long a file may take unless told otherwise.
const downloadTimeout = 10 * time.Minute

// downloadOptions are the options of download.
type downloadOptions struct {
	Timeout time.Duration `lua:"timeout"`
	// ApprovedRelays lets the file come from servers that are not the bot's
	// own; they see the bot's address on the network.
	ApprovedRelays bool `lua:"approved_relays"`
	// Encrypt stores the file encrypted; the result then has crypto.
	Encrypt bool `lua:"encrypt"`
}

// fileNews is the part of events about received files that says which file it
// is and what has become of it.
type fileNews struct {
	ChatItem    fileItem `json:"chatItem"`
	ChatItemOpt fileItem `json:"chatItem_"`
	RcvTransfer struct {
		FileID int64 `json:"fileId"`
	} `json:"rcvFileTransfer"`
	AgentError json.RawMessage `json:"agentError"`
}

type fileItem struct {
	ChatItem struct {
		File *ciFile `json:"file"`
	} `json:"chatItem"`
}

// ciFile is a CIFile as far as it is used here.
type ciFile struct {
	ID     int64  `json:"fileId"`
	Name   string `json:"fileName"`
	Size   int64  `json:"fileSize"`
	Source *struct {
		Path   string          `json:"filePath"`
		Crypto json.RawMessage `json:"cryptoArgs"`
	} `json:"fileSource"`
	Status struct {
		Type string `json:"type"`
	} `json:"fileStatus"`
}

func (n *fileNews) id() int64 {
	for _, it := range []fileItem{n.ChatItem, n.ChatItemOpt} {
		if it.ChatItem.File != nil {
			return it.ChatItem.File.ID
		}
	}
	return n.RcvTransfer.FileID
}

// download is msg:download([path[, options]]) → file: accepts the message's
// file and waits until it is complete. The lane goes on meanwhile. A file that was
// accepted before, by another handler or by a process that died since, is waited
// for like one's own; it is where it was first asked for.
func (rt *Runtime) download(L *lua.LState, m *message) int {
	var item fileItem
	if err := json.Unmarshal(m.item.Raw, &item); err != nil || item.ChatItem.File == nil {
		rt.raisef(L, ErrArgument, "download: the message has no file")
	}
	file := item.ChatItem.File
	o := downloadOptions{Timeout: downloadTimeout}
	rt.checkOptions(L, 3, "download", &o)
	if file.Status.Type == "rcvComplete" && file.Source != nil && L.Get(2) == lua.LNil {
		return rt.pushFile(L, file)
	}
	path := ""
	if L.Get(2) != lua.LNil {
		path = rt.argPath(L, 2, "download", true)
		if _, err := os.Lstat(path); err == nil {
			rt.raisef(L, ErrArgument, "download: %s exists already", L.Get(2))
		}
	} else {
		path = rt.freshPath(L, file.Name)
		defer downloading.Delete(path)
	}
	cmd, err := rt.facts().Encode("ReceiveFile", api.Params{
		"fileId": file.ID, "userApprovedRelays": o.ApprovedRelays, "storeEncrypted": o.Encrypt, "filePath": path,
	})
	if err != nil {
		rt.raise(L, encodeError(err))
	}
	cmd = rt.checkCommand(L, cmd)
	return rt.receive(L, cmd, m.item, file.ID, o.Timeout)
}

// receive sends the command that accepts a file and waits for what becomes of it.
func (rt *Runtime) receive(L *lua.LState, cmd string, it chat.Item, id int64, timeout time.Duration) int {
	it.Raw = nil // the event's text need not wait with the handler
	w := &waiter{shared: true, given: make(chan delivery, 1)}
	w.accepts = func(ev chat.Event, _ []chat.Item) (int, bool) {
		switch ev.Type {
		case "rcvFileComplete", "rcvFileError", "rcvFileSndCancelled":
			var n fileNews
			return 0, json.Unmarshal(ev.Raw, &n) == nil && n.id() == id
		}
		return 0, false
	}
	d, ok := rt.askFor(L, w, timeout, func() {
		resp, refused := rt.tryCommand(L, cmd)
		if refused != nil && refused.IsTag("fileAlreadyReceiving") {
			if ev, ok := rt.fateOfFile(L, it); ok && rt.waiters.take(w) {
				w.given <- delivery{event: ev}
			}
			return
		}
		if refused != nil {
			rt.raise(L, refusedFile(refused))
		}
		if resp.Type != "rcvFileAccepted" {
			rt.raiseAnswer(L, "download", cmd, resp, rt.replyValue(L, cmd, resp))
		}
	})
	if !ok {
		rt.raise(L, &Error{Type: ErrTimeout, Message: fmt.Sprintf("download: the file did not come within %v", timeout),
			Hint: "bot.api.cancel_file stops it; give a longer timeout to wait for it"})
	}
	var n fileNews
	if err := json.Unmarshal(d.event.Raw, &n); err != nil {
		rt.raise(L, &Error{Type: ErrCommand, Command: "/freceive", Message: "download: " + err.Error()})
	}
	if d.event.Type != "rcvFileComplete" || n.ChatItem.ChatItem.File == nil {
		reason := map[string]string{"rcvFileSndCancelled": "the sender took it back", "rcvFileError": "the servers could not deliver it"}[d.event.Type]
		rt.raise(L, &Error{Type: ErrChat, Command: "/freceive", Message: "download: " + reason, ChatError: n.AgentError})
	}
	return rt.pushFile(L, n.ChatItem.ChatItem.File)
}

// fateOfFile reads the message of a file that is on its way already: the event
// that told what became of it may be over. It is false where nothing is known yet.
func (rt *Runtime) fateOfFile(L *lua.LState, it chat.Item) (chat.Event, bool) {
	resp, refused := rt.tryCommand(L, fmt.Sprintf("/_get chat %s around=%d count=1", it.Chat, it.ID))
	if refused != nil {
		return chat.Event{}, false // the message is gone; the file may still come
	}
	page, err := resp.Chat()
	if err != nil {
		return chat.Event{}, false
	}
	for _, now := range page.Items {
		var item fileItem
		if now.ID != it.ID || json.Unmarshal(now.Raw, &item) != nil || item.ChatItem.File == nil {
			continue
		}
		tag, over := map[string]string{
			"rcvComplete": "rcvFileComplete", "rcvCancelled": "rcvFileSndCancelled", "rcvError": "rcvFileError",
		}[item.ChatItem.File.Status.Type]
		return chat.Event{Type: tag, Raw: slices.Concat([]byte(`{"chatItem":`), now.Raw, []byte(`}`))}, over
	}
	return chat.Event{}, false
}

// refusedFile adds what to do to the error that most people meet.
func refusedFile(err *chat.CommandError) error {
	e := errorOf(err)
	if err.IsTag("fileNotApproved") {
		e.Hint = "it is on servers that are not the bot's own: download it with { approved_relays = true }"
	}
	return e
}

// pushFile pushes a complete file as scripts see it.
func (rt *Runtime) pushFile(L *lua.LState, f *ciFile) int {
	t := newTable()
	t.RawSetString("file_id", lua.LNumber(f.ID))
	t.RawSetString("name", lua.LString(f.Name))
	t.RawSetString("size", lua.LNumber(f.Size))
	if f.Source != nil {
		path := f.Source.Path
		if !filepath.IsAbs(path) {
			path = filepath.Join(rt.session.FilesDir, path)
		}
		t.RawSetString("path", lua.LString(path))
		if v, err := luaconv.Decode(f.Source.Crypto, false); err == nil {
			t.RawSetString("crypto", v)
		}
	}
	L.Push(t)
	return 1
}

// downloading holds the paths that downloads under way will write, also those of
// an older generation of the script, which has the same folder.
var downloading sync.Map

// freshPath chooses a path in the files folder that no file and no other
// download has: report.pdf, report_1.pdf. The caller takes it out of downloading.
func (rt *Runtime) freshPath(L *lua.LState, name string) string {
	name = safeName(name)
	ext := filepath.Ext(name)
	base := strings.TrimSuffix(name, ext)
	for i := range 10000 {
		path := filepath.Join(rt.session.FilesDir, name)
		if i > 0 {
			path = filepath.Join(rt.session.FilesDir, fmt.Sprintf("%s_%d%s", base, i, ext))
		}
		if _, taken := downloading.LoadOrStore(path, true); taken {
			continue
		}
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return path
		}
		downloading.Delete(path)
	}
	rt.raisef(L, ErrLimit, "download: there are 10000 files called %s; give a path", name)
	return ""
}

// safeName makes the name that a sender gave fit for a file here: no folders, no
// hidden file, nothing that cannot be seen, not too long, and not the name of a
// part of an SQLite database, which would be read into it.
func safeName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	name = strings.Trim(name, ". ")
	for len(name) > 150 {
		ext := filepath.Ext(name)
		base := []rune(strings.TrimSuffix(name, ext))
		if len(ext) > 20 || len(base) == 0 {
			return "file"
		}
		name = strings.TrimRight(string(base[:len(base)*2/3]), " .") + ext
	}
	for _, end := range []string{"-journal", "-wal", "-shm"} {
		if strings.HasSuffix(strings.ToLower(name), end) {
			name += "_"
		}
	}
	if name == "" {
		return "file"
	}
	return name
}
