package luaapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// fakeCore answers every command as a core that stores what it is sent.
type fakeCore struct {
	mu       sync.Mutex
	commands []string
	nextID   int64
	// answer, where it is set, may answer a command itself.
	answer func(cmd string) (string, bool)
	// gone has errors of commands, by what they begin with.
	gone map[string]error
}

func (c *fakeCore) Send(ctx context.Context, cmd string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commands = append(c.commands, cmd)
	for prefix, err := range c.gone {
		if strings.HasPrefix(cmd, prefix) {
			return nil, err
		}
	}
	if c.answer != nil {
		if reply, ok := c.answer(cmd); ok {
			return []byte(reply), nil
		}
	}
	if ref, ok := strings.CutPrefix(cmd, "/_send "); ok {
		to, body, _ := strings.Cut(ref, " json ")
		ref, _, _ := strings.Cut(to, " ")
		var composed []struct {
			MsgContent json.RawMessage `json:"msgContent"`
		}
		if err := json.Unmarshal([]byte(body), &composed); err != nil {
			return nil, err
		}
		c.nextID++
		return []byte(`{"result":` + itemsJSON(ref, "directSnd", 1000+c.nextID, `{"type":"sndMsgContent","msgContent":`+string(composed[0].MsgContent)+`}`, "") + `}`), nil
	}
	return []byte(`{"result":{"type":"cmdOk"}}`), nil
}

func (c *fakeCore) Receive(time.Duration) ([]byte, error)            { return nil, nil }
func (c *fakeCore) WriteFile(string, []byte) ([]byte, error)         { return nil, fs.ErrInvalid }
func (c *fakeCore) ReadFile(string, string, string) ([]byte, error)  { return nil, fs.ErrInvalid }
func (c *fakeCore) EncryptFile(string, string) ([]byte, error)       { return nil, fs.ErrInvalid }
func (c *fakeCore) DecryptFile(string, string, string, string) error { return fs.ErrInvalid }
func (c *fakeCore) Close(context.Context) error                      { return nil }
func (c *fakeCore) Owned() bool                                      { return true }

var _ chat.Core = (*fakeCore)(nil)

// sent returns the commands so far, and forgets them.
func (c *fakeCore) sent() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.commands
	c.commands = nil
	return out
}

// texts returns the texts that were sent so far, and forgets them.
func (c *fakeCore) texts() []string {
	var texts []string
	for _, cmd := range c.sent() {
		_, body, ok := strings.Cut(cmd, " json [")
		var m struct {
			MsgContent struct{ Text string }
		}
		if ok && json.Unmarshal([]byte(strings.TrimSuffix(body, "]")), &m) == nil {
			texts = append(texts, m.MsgContent.Text)
		}
	}
	return texts
}

// itemsJSON is a newChatItems body with one item. ref is "@4" or "#2/7/member":
// group, member id and role.
func itemsJSON(ref, dir string, id int64, content, meta string) string {
	info := fmt.Sprintf(`{"type":"direct","contact":{"contactId":%s,"localDisplayName":"alice_1","profile":{"displayName":"alice"},"createdAt":"2026-01-01T00:00:00Z"}}`, strings.Trim(ref, "@#"))
	if strings.HasPrefix(ref, "#") {
		p := append(strings.Split(ref[1:], "/"), "", "")
		info = fmt.Sprintf(`{"type":"group","groupInfo":{"groupId":%s,"localDisplayName":"team","groupProfile":{"displayName":"team"},"createdAt":"2026-01-01T00:00:00Z","membership":{"memberRole":"owner"}}}`, p[0])
		if p[1] != "" {
			dir = fmt.Sprintf(`groupRcv","groupMember":{"groupMemberId":%s,"memberRole":"%s","localDisplayName":"bob_1","memberProfile":{"displayName":"bob"},"createdAt":"2026-01-01T00:00:00Z"},"x":"`, p[1], p[2])
		}
	}
	return fmt.Sprintf(`{"type":"newChatItems","user":{"userId":1},"chatItems":[{"chatInfo":%s,"chatItem":{"chatDir":{"type":"%s"},`+
		`"meta":{"itemId":%d,"itemTs":"2026-01-01T00:00:00Z","itemStatus":{"type":"rcvNew"}%s},"content":%s,"mentions":{},"reactions":[]}}]}`, info, dir, id, meta, content)
}

// textEvent is the event of a received text.
func textEvent(ref string, id int64, text string) chat.Event {
	quoted, _ := json.Marshal(text)
	ev, err := chat.ParseEvent([]byte(`{"result":` + itemsJSON(ref, "directRcv", id, `{"type":"rcvMsgContent","msgContent":{"type":"text","text":`+string(quoted)+`}}`, "") + `}`))
	if err != nil {
		panic(err)
	}
	return ev
}

// bot is a loaded and started script on a fakeCore.
type bot struct {
	*Runtime
	core *fakeCore
	logs *testkit.Buffer
	id   int64
}

func load(t testing.TB, script string) (*bot, error) {
	t.Helper()
	b := &bot{core: &fakeCore{}, logs: &testkit.Buffer{}}
	rt, err := Load(t.Context(), Options{
		Name: "test", Path: "bot.lua", Source: []byte(script), Generation: 1, Print: b.logs,
		Log: slog.New(slog.NewTextHandler(b.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		return nil, err
	}
	t.Cleanup(rt.Close)
	b.Runtime = rt
	return b, nil
}

func start(t testing.TB, script string) *bot {
	t.Helper()
	b, err := load(t, script)
	if err != nil {
		t.Fatal(err)
	}
	b.Attach(Session{Core: b.core, UserID: 1, FilesDir: t.TempDir()})
	b.Start(t.Context(), "start")
	return b
}

// say dispatches a text as the host does and returns the texts sent meanwhile.
func (b *bot) say(ref, text string) []string {
	b.id++
	ev := textEvent(ref, b.id, text)
	if !b.Offer(ev, nil) {
		b.Dispatch(ev, nil)
	}
	return b.core.texts()
}
