package bottest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Act does something in a chat and waits until the bot is at rest.
func (p *person) Act(ctx context.Context, a luaapi.SimAct) (itemID int64, err error) {
	cmd, err := p.command(ctx, a)
	if err != nil {
		return 0, err
	}
	// Who writes has read what came before; a greeting is no answer to it.
	if err := p.collect(); err != nil {
		return 0, err
	}
	p.inbox = slices.DeleteFunc(p.inbox, func(r received) bool { return r.Greeting && r.kind.Group == a.Group })
	result, err := p.Command(ctx, cmd)
	if err != nil {
		return 0, err
	}
	var sent struct {
		ChatItems []struct {
			ChatItem struct{ Meta struct{ ItemID int64 } }
		}
	}
	if err := json.Unmarshal(result, &sent); err != nil || len(sent.ChatItems) == 0 {
		return 0, nil // most commands make no item
	}
	return sent.ChatItems[0].ChatItem.Meta.ItemID, nil
}

// command writes what a person does in the command language.
func (p *person) command(ctx context.Context, a luaapi.SimAct) (string, error) {
	if a.Verb == luaapi.SimCreateGroup {
		return "/_group 1 " + asJSON(map[string]string{"displayName": a.Group, "fullName": ""}), nil
	}
	if a.Verb == luaapi.SimJoin {
		id, err := p.knownGroup(a.Group)
		return fmt.Sprintf("/_join #%d", id), err
	}
	c, err := p.chat(a.Group)
	if err != nil {
		return "", err
	}
	switch a.Verb {
	case luaapi.SimSend:
		return fmt.Sprintf(`/_send %s json [{"msgContent":%s,"mentions":{}}]`, c.Ref, a.Content), nil
	case luaapi.SimReply:
		return fmt.Sprintf(`/_send %s json [{"quotedItemId":%d,"msgContent":%s,"mentions":{}}]`, c.Ref, a.ItemID, a.Content), nil
	case luaapi.SimSendFile:
		return p.sendFile(c, a)
	case luaapi.SimReact, luaapi.SimUnreact:
		onOff := map[luaapi.SimVerb]string{luaapi.SimReact: "on", luaapi.SimUnreact: "off"}[a.Verb]
		return fmt.Sprintf("/_reaction %s %d %s %s", c.Ref, a.ItemID, onOff, asJSON(map[string]string{"type": "emoji", "emoji": a.Text})), nil
	case luaapi.SimEdit:
		return fmt.Sprintf(`/_update item %s %d json {"msgContent":%s,"mentions":{}}`, c.Ref, a.ItemID, a.Content), nil
	case luaapi.SimDelete:
		return fmt.Sprintf("/_delete item %s %d broadcast", c.Ref, a.ItemID), nil
	case luaapi.SimLeave:
		return "/_leave " + c.Ref, nil
	case luaapi.SimInvite:
		contact, err := p.contact(a.Who)
		return fmt.Sprintf("/_add %s %s %s", c.Ref, strings.TrimPrefix(contact.Ref, "@"), a.Role), err
	case luaapi.SimRemove:
		m, err := p.member(c, a.Who)
		return fmt.Sprintf("/_remove %s %d", c.Ref, m.ID), err
	case luaapi.SimSetRole:
		m, err := p.member(c, a.Who)
		return fmt.Sprintf("/_member role %s %d %s", c.Ref, m.ID, a.Role), err
	}
	return "", fmt.Errorf("%s: nobody can do that", a.Verb)
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and maps of texts only
	}
	return string(b)
}

func (p *person) sendFile(c sim.Chat, a luaapi.SimAct) (string, error) {
	path := a.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(p.net.dir, path)
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("send_file: %w", err)
	}
	return fmt.Sprintf("/_send %s json [%s]", c.Ref, asJSON(map[string]any{
		"fileSource": map[string]string{"filePath": path},
		"msgContent": map[string]string{"type": "file", "text": a.Text}, "mentions": map[string]string{},
	})), nil
}

// contact finds the direct chat with somebody, "" for the bot.
func (p *person) contact(who string) (sim.Chat, error) {
	if who != "" {
		return p.Chat(who)
	}
	c, err := p.chat("")
	if err == nil && c.Group() {
		err = fmt.Errorf("%s has no direct chat with the bot: its address is a business address", p.Name())
	}
	return c, err
}

// member finds somebody in a group, "" is the bot.
func (p *person) member(c sim.Chat, who string) (sim.Member, error) {
	return p.Member(c, cmp.Or(who, p.net.bot.Name()))
}

// knownGroup finds a group that the person is, was or may be in; Chats lists only
// those that the person is in.
func (p *person) knownGroup(group string) (int64, error) {
	result, err := p.Do("/_groups 1")
	if err != nil {
		return 0, err
	}
	var list struct {
		Groups []struct {
			GroupID          int64
			LocalDisplayName string
		}
	}
	if err := json.Unmarshal(result, &list); err != nil {
		return 0, err
	}
	for _, g := range list.Groups {
		if g.LocalDisplayName == group {
			return g.GroupID, nil
		}
	}
	return 0, fmt.Errorf("%s was not invited to #%s", p.Name(), group)
}
