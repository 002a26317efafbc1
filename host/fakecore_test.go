package host

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
)

// fakeCore is a small chat core: a user with an address, direct chats and groups
// with items that are unread until they are marked, and maybe a second user
// without anything. It refuses commands that it does not know, so a wrong command
// fails a test.
type fakeCore struct {
	notOwned bool
	// override answers a command instead of the core; "" leaves it to the core.
	override func(cmd string) string

	mu       sync.Mutex // guards what follows
	closed   bool
	started  bool
	other    bool   // a second user is the active one
	profile  string // JSON, "" before the user is created
	address  string // JSON of addressSettings, "" without an address
	commands []string
	events   []result
	arrived  chan struct{} // closed when something is put in events
	enqueued uint64
	items    []*fakeItem
	initial  int64  // the item that the first page is around, if it is not the first unread one
	groups   string // JSON of GroupInfos
	members  string // JSON of the members of each group
	contacts string // JSON of Contacts
}

type result struct {
	data []byte
	err  error
}

func newFakeCore() *fakeCore { return &fakeCore{arrived: make(chan struct{})} }

const fakeLink = "https://127.0.0.1/a#fake"

func (c *fakeCore) Owned() bool { return !c.notOwned }

func (c *fakeCore) Send(ctx context.Context, cmd string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.override != nil {
		if reply := c.override(cmd); reply != "" {
			c.mu.Lock()
			c.commands = append(c.commands, cmd)
			c.mu.Unlock()
			return []byte(reply), nil
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, fs.ErrClosed
	}
	c.commands = append(c.commands, cmd)
	return []byte(c.answer(cmd)), nil
}

func (c *fakeCore) answer(cmd string) string {
	word, rest, _ := strings.Cut(cmd, " ")
	_, param, _ := strings.Cut(rest, " ")
	if c.other {
		switch {
		case strings.Contains(" /_groups /_contacts /_show_address /_address /_address_settings /_profile ", " "+word+" "), strings.HasPrefix(rest, "chats "):
			return `{"error":{"type":"error","errorType":{"type":"differentActiveUser","commandUserId":1,"activeUserId":2}}}`
		case word == "/_get", word == "/_read", word == "/_send", word == "/_members":
			return refusal("errorStore", "storeError", "contactNotFound")
		}
	}
	switch word {
	case "/v":
		return `{"result":{"type":"versionInfo","versionInfo":{"version":"6.5.1.0"}}}`
	case "/set":
		return `{"result":{"type":"cmdOk"}}`
	case "/user":
		if c.profile == "" {
			return refusal("error", "errorType", "noActiveUser")
		}
		return c.userReply("activeUser")
	case "/_user":
		if !c.started && !c.notOwned {
			return refusal("error", "errorType", "chatNotStarted")
		}
		c.other = rest != "1"
		return c.userReply("activeUser")
	case "/_create":
		if c.other = c.profile != ""; c.other {
			return c.userReply("activeUser")
		}
		var u struct{ Profile json.RawMessage }
		if json.Unmarshal([]byte(param), &u) != nil {
			break
		}
		c.profile = string(u.Profile)
		return c.userReply("activeUser")
	case "/_start":
		c.started = true
		return `{"result":{"type":"chatStarted"}}`
	case "/_stop":
		c.started = false
		return `{"result":{"type":"chatStopped"}}`
	case "/_show_address":
		if c.address == "" {
			return refusal("errorStore", "storeError", "userContactLinkNotFound")
		}
		return c.addressReply("userContactLink")
	case "/_address":
		c.address = `{"businessAddress":false}`
		return c.addressReply("userContactLinkCreated")
	case "/_address_settings":
		c.address = param
		return c.addressReply("userContactLinkUpdated")
	case "/_profile":
		c.profile = param
		return c.userReply("userProfileUpdated")
	case "/_groups":
		return `{"result":{"type":"groupsList","groups":[` + c.groups + `]}}`
	case "/_contacts":
		return `{"result":{"type":"contactsList","user":` + c.user() + `,"contacts":[` + c.contacts + `]}}`
	case "/_members":
		return `{"result":{"type":"groupMembers","group":{"members":[` + c.members + `]}}}`
	case "/_get":
		if strings.HasPrefix(rest, "chats 1") {
			return c.listChats(strings.TrimPrefix(rest, "chats 1"))
		}
		return c.readChat(strings.TrimPrefix(rest, "chat "))
	case "/_read":
		return c.markRead(strings.TrimPrefix(rest, "chat items "))
	case "/_send":
		return `{"result":{"type":"newChatItems","chatItems":[]}}`
	}
	return `{"error":{"type":"error","errorType":{"type":"commandError","message":"Failed reading: empty"}}}`
}

func refusal(kind, field, tag string) string {
	return fmt.Sprintf(`{"error":{"type":%q,%q:{"type":%q}}}`, kind, field, tag)
}

func (c *fakeCore) user() string {
	if c.other {
		return `{"userId":2,"profile":{"displayName":"second"}}`
	}
	return `{"userId":1,"profile":` + c.profile + `}`
}

func (c *fakeCore) userReply(tag string) string {
	return fmt.Sprintf(`{"result":{"type":%q,"user":%s}}`, tag, c.user())
}

func (c *fakeCore) addressReply(tag string) string {
	return fmt.Sprintf(`{"result":{"type":%q,"contactLink":{"connLinkContact":{"connFullLink":"simplex:/full","connShortLink":%q},"addressSettings":%s}}}`,
		tag, fakeLink, c.address)
}

func (c *fakeCore) emit(event string) { c.put(result{data: []byte(event)}) }

func (c *fakeCore) put(r result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, r)
	c.enqueued++
	close(c.arrived)
	c.arrived = make(chan struct{})
}

func (c *fakeCore) made() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.enqueued
}

func (c *fakeCore) Receive(wait time.Duration) ([]byte, error) {
	if wait <= 0 {
		return nil, nil
	}
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	for {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return nil, fs.ErrClosed
		}
		if len(c.events) > 0 && (c.started || c.notOwned) {
			r := c.events[0]
			c.events = c.events[1:]
			c.mu.Unlock()
			return r.data, r.err
		}
		arrived := c.arrived
		c.mu.Unlock()
		select {
		case <-arrived:
		case <-timeout.C:
			return nil, nil
		}
	}
}

func (c *fakeCore) Close(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed = true
		close(c.arrived)
		c.arrived = make(chan struct{})
	}
	return nil
}

func (c *fakeCore) WriteFile(string, []byte) ([]byte, error)         { return nil, fs.ErrInvalid }
func (c *fakeCore) ReadFile(string, string, string) ([]byte, error)  { return nil, fs.ErrInvalid }
func (c *fakeCore) EncryptFile(string, string) ([]byte, error)       { return nil, fs.ErrInvalid }
func (c *fakeCore) DecryptFile(string, string, string, string) error { return fs.ErrInvalid }

// sent returns the commands so far.
func (c *fakeCore) sent() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.commands)
}

var _ chat.Core = (*fakeCore)(nil)
