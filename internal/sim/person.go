package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Person is somebody in a network who uses an app: the person owns a Core and
// speaks to it in the command language. Its methods are for one goroutine at a
// time, except that Receive may run beside the others.
type Person struct {
	// Core is the person's controller, for commands that have no method here.
	Core *Core
	name string
}

// Chat names a chat of a person: a contact or a group.
type Chat struct {
	// Ref is the chat as commands write it: "@4", "#1".
	Ref string
	// Name is what the person calls it: a name, with a number at the end where
	// the person knows two of that name.
	Name string
}

// Group tells whether the chat is a group.
func (c Chat) Group() bool { return strings.HasPrefix(c.Ref, "#") }

// ErrRefused is wrapped by the errors of commands that the core refused.
var ErrRefused = errors.New("refused")

// Person returns the person of that name; the first call opens a database for
// it, makes its user and starts it.
func (n *Network) Person(name string) (*Person, error) {
	n.peopleMu.Lock()
	defer n.peopleMu.Unlock()
	n.mu.Lock()
	p := n.people[name]
	n.mu.Unlock()
	if p != nil {
		return p, nil
	}
	c, reply, err := n.Open("people/"+name, "", "yesUp")
	if err != nil {
		return nil, fmt.Errorf("person %s: %w: %s", name, err, reply.JSON)
	}
	p = &Person{Core: c, name: name}
	user := object("profile", profile{DisplayName: name}, "pastTimestamp", false, "userChatRelay", false)
	for _, cmd := range []string{"/user", "/_create user " + string(user), "/_start"} {
		_, err := p.Do(cmd)
		if cmd == "/user" && err == nil {
			continue // opened again
		}
		if err != nil && cmd != "/user" && !strings.Contains(err.Error(), "userExists") {
			return nil, fmt.Errorf("person %s: %w", name, err)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.people[name] = p
	return p, nil
}

// Name is the name of the person's profile when it was made.
func (p *Person) Name() string { return p.name }

// Do sends a command and returns the result. The error of a command that the
// core refused wraps ErrRefused and shows the core's error.
func (p *Person) Do(cmd string) (json.RawMessage, error) {
	reply, err := p.Core.Send(context.Background(), cmd)
	if err != nil {
		return nil, err
	}
	var r struct{ Result, Error json.RawMessage }
	if err := json.Unmarshal(reply, &r); err != nil {
		return nil, err
	}
	if r.Error != nil {
		return nil, fmt.Errorf("%s: %w: %s", firstField(cmd), ErrRefused, r.Error)
	}
	return r.Result, nil
}

// do sends a command and reads fields of its result.
func (p *Person) do(into any, format string, args ...any) error {
	r, err := p.Do(fmt.Sprintf(format, args...))
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(r, into)
}

// Connect follows a link. Whether and when the other side accepts shows in
// Chats and in what Receive returns.
func (p *Person) Connect(link string) error {
	var r struct{ Type string }
	if err := p.do(&r, "/connect %s", link); err != nil {
		return err
	}
	if r.Type == "connectionPlan" {
		return fmt.Errorf("connect: %w: the link is known already", ErrRefused)
	}
	return nil
}

// Address makes the person's own address, which accepts everybody, and returns
// its short link.
func (p *Person) Address() (string, error) {
	var r struct{ ConnLinkContact connLink }
	if err := p.do(&r, "/_address 1"); err != nil {
		return "", err
	}
	return r.ConnLinkContact.Short, p.do(nil, `/_address_settings 1 {"businessAddress":false,"autoAccept":{"acceptIncognito":false}}`)
}

// Chats lists the contacts that messages can be sent to and the groups the
// person is in.
func (p *Person) Chats() ([]Chat, error) {
	type named struct {
		ContactID, GroupID int64
		LocalDisplayName   string
		ActiveConn         *struct{ ConnStatus connStatus }
		Membership         struct{ MemberStatus string }
	}
	var cs struct{ Contacts []named }
	var gs struct{ Groups []named }
	if err := p.do(&cs, "/_contacts 1"); err != nil {
		return nil, err
	}
	if err := p.do(&gs, "/_groups 1"); err != nil {
		return nil, err
	}
	var chats []Chat
	for _, c := range cs.Contacts {
		if c.ActiveConn != nil && (c.ActiveConn.ConnStatus.Type == "ready" || c.ActiveConn.ConnStatus.Type == "sndReady") {
			chats = append(chats, Chat{fmt.Sprintf("@%d", c.ContactID), c.LocalDisplayName})
		}
	}
	for _, g := range gs.Groups {
		if (&member{MemberStatus: g.Membership.MemberStatus}).current() {
			chats = append(chats, Chat{fmt.Sprintf("#%d", g.GroupID), g.LocalDisplayName})
		}
	}
	return chats, nil
}

// Chat finds a chat by its name: "bot", or "#team" for a group.
func (p *Person) Chat(name string) (Chat, error) {
	chats, err := p.Chats()
	if err != nil {
		return Chat{}, err
	}
	bare, group := strings.CutPrefix(name, "#")
	var names []string
	for _, c := range chats {
		if c.Name == strings.TrimPrefix(bare, "@") && c.Group() == group {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return Chat{}, fmt.Errorf("%s has no chat %q; there are: %s", p.name, name, strings.Join(names, ", "))
}

// sentItem is the first item of a result.
type sentItem struct {
	ChatItems []struct {
		ChatItem struct{ Meta struct{ ItemID int64 } }
	}
}

// SendText sends a text and returns the number of the item.
func (p *Person) SendText(to Chat, text string) (itemID int64, err error) {
	return p.send(to, object("msgContent", tagged("text", "text", text), "mentions", struct{}{}))
}

// Reply sends a text that quotes an item.
func (p *Person) Reply(to Chat, itemID int64, text string) (int64, error) {
	return p.send(to, object("quotedItemId", itemID, "msgContent", tagged("text", "text", text), "mentions", struct{}{}))
}

// SendFile sends a file of this machine, with a text or "".
func (p *Person) SendFile(to Chat, path, text string) (int64, error) {
	return p.send(to, object("fileSource", object("filePath", path), "msgContent", tagged("file", "text", text), "mentions", struct{}{}))
}

func (p *Person) send(to Chat, msg raw) (int64, error) {
	var r sentItem
	if err := p.do(&r, "/_send %s json [%s]", to.Ref, msg); err != nil {
		return 0, err
	}
	if len(r.ChatItems) == 0 {
		return 0, errors.New("send: the core stored no item")
	}
	return r.ChatItems[0].ChatItem.Meta.ItemID, nil
}

// React adds or removes a reaction.
func (p *Person) React(chat Chat, itemID int64, emoji string, add bool) error {
	return p.do(nil, "/_reaction %s %d %s %s", chat.Ref, itemID, onOff(add), emojiJSON(emoji))
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// Edit changes the text of one of the person's items.
func (p *Person) Edit(chat Chat, itemID int64, text string) error {
	return p.do(nil, "/_update item %s %d json %s", chat.Ref, itemID, object("msgContent", tagged("text", "text", text), "mentions", struct{}{}))
}

// Delete deletes one of the person's items for everybody.
func (p *Person) Delete(chat Chat, itemID int64) error {
	return p.do(nil, "/_delete item %s %d broadcast", chat.Ref, itemID)
}

// CreateGroup makes a group.
func (p *Person) CreateGroup(name string) (Chat, error) {
	var r struct {
		GroupInfo struct {
			GroupID          int64
			LocalDisplayName string
		}
	}
	if err := p.do(&r, "/_group 1 %s", object("displayName", name, "fullName", "")); err != nil {
		return Chat{}, err
	}
	return Chat{fmt.Sprintf("#%d", r.GroupInfo.GroupID), r.GroupInfo.LocalDisplayName}, nil
}

// Invite invites a contact to a group with a role: "member", "admin", ….
func (p *Person) Invite(group, contact Chat, role string) error {
	return p.do(nil, "/_add %s %s %s", group.Ref, strings.TrimPrefix(contact.Ref, "@"), role)
}

// Join accepts an invitation to a group.
func (p *Person) Join(group Chat) error { return p.do(nil, "/_join %s", group.Ref) }

// Leave leaves a group.
func (p *Person) Leave(group Chat) error { return p.do(nil, "/_leave %s", group.Ref) }

// Close ends the person's app; Network.Person opens it again.
func (p *Person) Close() {
	n := p.Core.net
	n.mu.Lock()
	delete(n.people, p.name)
	n.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = p.Core.Close(ctx) // nothing of ours is under way
}
