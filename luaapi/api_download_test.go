package luaapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

const alreadyReply = `{"error":{"type":"error","errorType":{"type":"fileAlreadyReceiving","message":"report.pdf"}}}`

// pageReply is the page of a chat that has messageWithFile by now, with a file
// of this status.
func pageReply(t *testing.T, status string) string {
	t.Helper()
	_, item, _ := strings.Cut(string(messageWithFile(t).Raw), `"chatItem":`)
	item = strings.TrimSuffix(item, "}]}")
	item = strings.Replace(item, `"fileStatus":{"type":"rcvInvitation"}`, `"fileSource":{"filePath":"there.pdf"},"fileStatus":{"type":"`+status+`"}`, 1)
	return `{"result":{"type":"apiChat","user":{"userId":1},"chat":{"chatInfo":{"type":"direct","contact":{"contactId":4,"createdAt":"2026-01-01T00:00:00Z"}},"chatItems":[` + item + `],"chatStats":{}}}}`
}

// TestDownloadAgain: a file that was accepted before, by a process that was killed
// then, comes to the handler of the message that comes again.
func TestDownloadAgain(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, page, event, want string }{
		{"on its way", "rcvTransfer", "rcvFileComplete", "there.pdf"},
		{"complete by now", "rcvComplete", "", "there.pdf"},
		{"taken back by now", "rcvCancelled", "", "chat_error|download: the sender took it back"},
		{"failed by now", "rcvError", "", "chat_error|download: the servers could not deliver it"},
		{"of a message that is gone", "", "rcvFileComplete", "there.pdf"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b, _, _ := startFiles(t, `bot.on_message(function(msg)
  local ok, f = pcall(msg.download, msg)
  msg:reply(ok and f.path:match("[^/]*$") or f.type .. "|" .. f.message)
end)`)
			looked := make(chan bool, 1)
			b.core.answer = func(cmd string) (string, bool) {
				switch {
				case strings.HasPrefix(cmd, "/freceive"):
					return alreadyReply, true
				case cmd == "/_get chat @4 around=1 count=1":
					looked <- true
					if tt.page == "" {
						return `{"error":{"type":"errorStore","storeError":{"type":"chatItemNotFound","itemId":1}}}`, true
					}
					return pageReply(t, tt.page), true
				}
				return "", false
			}
			b.Start(t.Context(), "start")
			b.Dispatch(messageWithFile(t), nil)
			if tt.event != "" && !b.Offer(fileEvent(t, tt.event, "there.pdf"), nil) {
				t.Error("nobody waited for the file")
			}
			if err := b.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if texts := b.core.texts(); len(looked) != 1 || len(texts) != 1 || texts[0] != tt.want {
				t.Errorf("got %q, want %q; looked %d times; %s", texts, tt.want, len(looked), b.logs)
			}
		})
	}
}

// TestDownloadTwice: two handlers of a message that both want its file have it,
// beside one that waits for the event, and done is called when all are through.
func TestDownloadTwice(t *testing.T) {
	t.Parallel()
	b, _, _ := startFiles(t, `local function want(name)
  return function() bot.send("@4", name .. " " .. file:download().name) end
end
bot.on_message(function(msg)
  rawset(_G, "file", msg)
  bot.spawn(function() bot.wait_for "rcvFileComplete" bot.send("@4", "event") end)
  bot.spawn(want "first")
  bot.spawn(want "second")
end)`)
	accepted := 0
	b.core.answer = func(cmd string) (string, bool) {
		switch {
		case strings.HasPrefix(cmd, "/freceive"):
			if accepted++; accepted > 1 {
				return alreadyReply, true
			}
			return acceptedReply, true
		case strings.HasPrefix(cmd, "/_get chat"):
			return pageReply(t, "rcvAccepted"), true
		}
		return "", false
	}
	b.Start(t.Context(), "start")
	b.Dispatch(messageWithFile(t), nil)
	waiting := func() int {
		b.waiters.mu.Lock()
		defer b.waiters.mu.Unlock()
		n := 0
		for _, ws := range b.waiters.byChat {
			n += len(ws)
		}
		return n
	}
	testkit.Until(t, "three wait", func() bool { return waiting() == 3 })
	done := 0
	if !b.Offer(fileEvent(t, "rcvFileComplete", "there.pdf"), func() { done++ }) {
		t.Error("nobody waited for the file")
	}
	if err := b.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	texts := b.core.texts()
	slices.Sort(texts)
	if len(texts) != 3 || texts[0] != "event" || !strings.HasPrefix(texts[1], "first") || !strings.HasPrefix(texts[2], "second") || done != 1 {
		t.Errorf("got %q, done %d times; %s", texts, done, b.logs)
	}
}
