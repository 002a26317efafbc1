package host

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// replayCore answers what a real core answered, and wants the commands that it
// was sent then: the same text up to the JSON, and JSON of the same meaning.
// The host's own commands, which the official bots do not send, are answered
// beside.
type replayCore struct {
	mu     sync.Mutex // guards what follows
	steps  []replayStep
	ours   []string
	wrong  []error
	closed chan struct{}
	once   sync.Once
}

type replayStep struct {
	Cmd   string          `json:"cmd"`
	Reply json.RawMessage `json:"reply"`
}

func openReplay(t *testing.T, name string) *replayCore {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c := &replayCore{closed: make(chan struct{})}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s replayStep
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		if s.Cmd != "" {
			c.steps = append(c.steps, s)
		}
	}
	return c
}

func (c *replayCore) Send(_ context.Context, cmd string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch chat.CommandName(cmd) {
	case "/v":
		c.ours = append(c.ours, "/v")
		return []byte(`{"result":{"type":"versionInfo","versionInfo":{"version":"6.5.1.1"}}}`), nil
	case "/set file":
		c.ours = append(c.ours, "/set file paths")
		return []byte(`{"result":{"type":"cmdOk"}}`), nil
	case "/_groups": // asked beside the start, at some time
		return []byte(`{"result":{"type":"groupsList","groups":[]}}`), nil
	case "/_get chats":
		c.ours = append(c.ours, cmd)
		return []byte(`{"result":{"type":"apiChats","user":{"userId":1},"chats":[]}}`), nil
	}
	c.ours = append(c.ours, chat.CommandName(cmd))
	if len(c.steps) == 0 {
		c.wrong = append(c.wrong, fmt.Errorf("%s is sent, and nothing was then", cmd))
		return []byte(refusal("error", "errorType", "commandError")), nil
	}
	step := c.steps[0]
	c.steps = c.steps[1:]
	if err := sameCommand(cmd, step.Cmd); err != nil {
		c.wrong = append(c.wrong, err)
	}
	return step.Reply, nil
}

func sameCommand(got, want string) error {
	gotText, gotJSON := splitCommand(got)
	wantText, wantJSON := splitCommand(want)
	if gotText != wantText || !reflect.DeepEqual(gotJSON, wantJSON) {
		return fmt.Errorf("got  %s\nwant %s", got, want)
	}
	return nil
}

func splitCommand(cmd string) (text string, value any) {
	at := strings.IndexByte(cmd, '{')
	if at < 0 {
		return cmd, nil
	}
	if json.Unmarshal([]byte(cmd[at:]), &value) != nil {
		return cmd, nil
	}
	return cmd[:at], value
}

func (c *replayCore) Receive(wait time.Duration) ([]byte, error) {
	select {
	case <-c.closed:
		return nil, fs.ErrClosed
	case <-time.After(wait):
		return nil, nil
	}
}

func (c *replayCore) Close(context.Context) error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

func (c *replayCore) Owned() bool                                      { return true }
func (c *replayCore) WriteFile(string, []byte) ([]byte, error)         { return nil, fs.ErrInvalid }
func (c *replayCore) ReadFile(string, string, string) ([]byte, error)  { return nil, fs.ErrInvalid }
func (c *replayCore) EncryptFile(string, string) ([]byte, error)       { return nil, fs.ErrInvalid }
func (c *replayCore) DecryptFile(string, string, string, string) error { return fs.ErrInvalid }

func (c *replayCore) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := errors.Join(c.wrong...); err != nil {
		t.Error(err)
	}
	for _, s := range c.steps {
		t.Errorf("not sent: %s", s.Cmd)
	}
}

// recordedBot is the bot of the recordings.
func recordedBot() luaapi.Settings {
	s := luaapi.DefaultSettings("bot")
	s.Profile.ShortDescr = "Echo bot"
	s.Welcome = json.RawMessage(`{"type":"text","text":"Welcome! Send /help to see what this bot can do."}`)
	s.Commands = []luaapi.BotCommand{
		{Keyword: "help", Label: "Show help"},
		{Keyword: "echo", Label: "Repeat a text", Params: "<text>"},
		{Keyword: "about", Label: "About this bot"},
	}
	return s
}

func orderBot() luaapi.Settings {
	s := recordedBot()
	s.Profile.ShortDescr = "Order bot"
	s.Welcome = json.RawMessage(`{"type":"text","text":"Hello, this is the new welcome."}`)
	s.Commands = []luaapi.BotCommand{
		{Keyword: "help", Label: "Show help"},
		{Keyword: "order", Label: "Place an order", Params: "<number>"},
	}
	return s
}

func TestStartIsTheOfficialOne(t *testing.T) {
	t.Parallel()
	const (
		last   = `/_get chats 1 count=100` // as there is no state, and the database is not new
		unread = last + ` {"type":"filters","favorite":false,"unread":true}`
	)
	tests := []struct {
		name, file string
		settings   luaapi.Settings
		want       []string // in order, with ours
	}{
		{"fresh", "first_start.jsonl", recordedBot(), []string{
			"/v", "/set file paths", "/user", "/_create user", unread, "/_start", "/_show_address", "/_address",
			"/_show_address", "/_address_settings", "/_profile", "/_stop",
		}},
		{"unchanged", "second_start.jsonl", recordedBot(), []string{
			"/v", "/set file paths", "/user", last, unread, "/_start", "/_show_address", "/_stop",
		}},
		{"unchanged on 7.0", "second_start_7.0.jsonl", recordedBot(), []string{
			"/v", "/set file paths", "/user", last, unread, "/_start", "/_show_address", "/_stop",
		}},
		{"changed", "changed_start.jsonl", orderBot(), []string{
			"/v", "/set file paths", "/user", last, unread, "/_start", "/_show_address", "/_address_settings", "/_profile", "/_stop",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			core := openReplay(t, tt.file)
			rt := newFakeRuntime("bot")
			rt.settings = tt.settings
			h := launch(t, testOptions(t, core), nil, only(rt))
			if err := h.end(); err != nil {
				t.Errorf("Run: %v", err)
			}
			core.check(t)
			if !reflect.DeepEqual(core.ours, tt.want) {
				t.Errorf("got  %q\nwant %q", core.ours, tt.want)
			}
		})
	}
}

// TestReloadSyncsTheChange replays what the official bot sends when menu, files,
// auto-accept and welcome change, with a reload for each change.
func TestReloadSyncsTheChange(t *testing.T) {
	t.Parallel()
	core := openReplay(t, "changed_later.jsonl")
	noMenu := orderBot()
	noMenu.Commands = nil
	files := noMenu
	files.AllowFiles = true
	files.Commands = []luaapi.BotCommand{
		{Label: "Orders", Commands: []luaapi.BotCommand{
			{Keyword: "new", Label: "New order"},
			{Keyword: "status", Label: "Status", Params: "<number>"},
		}},
		{Keyword: "help", Label: "Help"},
	}
	closed := files
	closed.AutoAccept, closed.Welcome = false, nil
	link := files
	link.Welcome = json.RawMessage(`{"type":"link","text":"see https://example.org","preview":{"uri":"https://example.org","title":"Example","description":"An example page","image":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR4nGPQqDgBRwzEcQA/UhaB575xBAAAAABJRU5ErkJggg=="}}`)
	steps := []luaapi.Settings{orderBot(), noMenu, files, closed, link, link}

	h := launch(t, testOptions(t, core), nil, func(_ context.Context, n int) (Runtime, error) {
		rt := newFakeRuntime("bot")
		rt.settings = steps[n-1]
		return rt, nil
	})
	for range steps[1:] {
		if err := h.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.end(); err != nil {
		t.Errorf("Run: %v", err)
	}
	core.check(t)
}

func TestSwitchesOfTheStart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		set   func(s *luaapi.Settings)
		there func(c *fakeCore)
		want  string
	}{
		{"all off on a fresh database", func(s *luaapi.Settings) {
			s.CreateAddress, s.UpdateAddress, s.UpdateProfile, s.UseBotProfile = false, false, false, false
		}, nil, `/user|/_create user {"pastTimestamp":false,"userChatRelay":false,"profile":{"displayName":"bot","fullName":""}}|/_start|/_show_address 1|/_stop`},
		{"nothing is updated", func(s *luaapi.Settings) {
			s.UpdateAddress, s.UpdateProfile = false, false
		}, func(c *fakeCore) {
			c.profile, c.address = `{"displayName":"other"}`, `{"businessAddress":true}`
		}, `/user|/_start|/_show_address 1|/_stop`},
		{"no address wanted", func(s *luaapi.Settings) { s.CreateAddress = false }, func(c *fakeCore) {
			c.profile = `{"displayName":"other"}`
		}, `/user|/_start|/_show_address 1|/_profile 1 {"displayName":"bot","fullName":"","preferences":{"calls":{"allow":"no"},"voice":{"allow":"no"},"files":{"allow":"no"}},"peerType":"bot"}|/_stop`},
		{"business address", func(s *luaapi.Settings) { s.BusinessAddress, s.UpdateProfile = true, false }, func(c *fakeCore) {
			c.profile = `{"displayName":"bot"}`
		}, `/user|/_start|/_show_address 1|/_address 1|/_show_address 1|/_address_settings 1 {"businessAddress":true,"autoAccept":{"acceptIncognito":false}}|/_stop`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			core := newFakeCore()
			if tt.there != nil {
				tt.there(core)
			}
			rt := newFakeRuntime("bot")
			tt.set(&rt.settings)
			h := launch(t, testOptions(t, core), core, only(rt))
			if err := h.end(); err != nil {
				t.Errorf("Run: %v", err)
			}
			if got := strings.Join(official(core.sent()), "|"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// official leaves the host's own commands out.
func official(commands []string) []string {
	var rest []string
	for _, cmd := range commands {
		switch chat.CommandName(cmd) {
		case "/v", "/set file", "/_get chats", "/_get chat", "/_read chat", "/_groups":
		default:
			rest = append(rest, cmd)
		}
	}
	return rest
}

func TestNotOwned(t *testing.T) {
	t.Parallel()
	core := newFakeCore()
	core.notOwned, core.started = true, true
	h := launch(t, testOptions(t, core), core, only(newFakeRuntime("bot")))
	if err := h.end(); err != nil {
		t.Errorf("Run: %v", err)
	}
	for _, cmd := range core.sent() {
		switch chat.CommandName(cmd) {
		case "/_start", "/_stop", "/set file":
			t.Errorf("sent to somebody else's controller: %s", cmd)
		}
	}
}
