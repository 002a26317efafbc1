package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

const devHelp = `What you type is sent to the chat you are in. Lines that begin with a colon:
  :as NAME        be somebody else (a new person connects to the bot)
  :group NAME     make a group with the bot as an admin and everybody here in it
  :to NAME        go to a chat: the bot's name, or #group
  :chats          list your chats
  :reply TEXT     answer the last message, quoting it
  :react EMOJI    react to the last message
  :edit TEXT      change your last message
  :delete         delete your last message
  :file PATH      send a file
  :help           this list
  :quit           end (or Ctrl+D)
A line that begins with two colons is sent with one.`

// line does what one line of input says.
func (d *devSession) line(ctx context.Context, line string) (quit bool, err error) {
	text, isCommand := strings.CutPrefix(line, ":")
	if !isCommand || strings.HasPrefix(text, ":") || !startsWithLetter(text) {
		if isCommand && strings.HasPrefix(text, ":") {
			line = text
		}
		if strings.TrimSpace(line) == "" {
			return false, nil
		}
		return false, d.sent(d.current.SendText(d.current.chat, line))
	}
	name, arg, _ := strings.Cut(text, " ")
	arg = strings.TrimSpace(arg)
	p := d.current
	switch name {
	case "help":
		d.screen.note("%s", devHelp)
	case "quit":
		return true, nil
	case "as":
		if arg == "" {
			return false, fmt.Errorf(":as needs a name, as in :as bob")
		}
		return false, d.enter(ctx, arg)
	case "group":
		if arg == "" {
			return false, fmt.Errorf(":group needs a name, as in :group team")
		}
		return false, d.group(ctx, arg)
	case "to":
		chat, err := p.Chat(arg)
		if err != nil {
			return false, err
		}
		p.chat = chat
		d.prompt()
	case "chats":
		chats, err := p.Chats()
		if err != nil {
			return false, err
		}
		for _, c := range chats {
			d.screen.note("%s", chatName(c))
		}
	case "reply":
		return false, d.onLast(func(r received) error { return d.sent(p.Reply(p.chat, r.id, arg)) })
	case "react":
		return false, d.onLast(func(r received) error { return p.React(p.chat, r.id, arg, true) })
	case "edit":
		return false, d.onMine(func(id int64) error { return p.Edit(p.chat, id, arg) })
	case "delete":
		return false, d.onMine(func(id int64) error { return p.Delete(p.chat, id) })
	case "file":
		return false, d.sent(p.SendFile(p.chat, arg, ""))
	default:
		return false, fmt.Errorf("unknown command :%s; :help lists them, and ::%s would be sent as a text", name, text)
	}
	return false, nil
}

func startsWithLetter(s string) bool {
	return s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z')
}

func chatName(c sim.Chat) string {
	if c.Group() {
		return "#" + c.Name
	}
	return c.Name
}

// sent remembers the item that was just sent.
func (d *devSession) sent(id int64, err error) error {
	if err == nil {
		d.current.mine[d.current.chat] = id
	}
	return err
}

func (d *devSession) onLast(do func(received) error) error {
	r, ok := d.current.last[d.current.chat]
	if !ok {
		return fmt.Errorf("there is no message to answer in %s", chatName(d.current.chat))
	}
	return do(r)
}

func (d *devSession) onMine(do func(id int64) error) error {
	id, ok := d.current.mine[d.current.chat]
	if !ok {
		return fmt.Errorf("you have sent nothing in %s", chatName(d.current.chat))
	}
	return do(id)
}

// group makes a group of everybody in the session: the current person owns it and
// invites the bot as an admin, the others join by the group's link.
func (d *devSession) group(ctx context.Context, name string) error {
	owner := d.current
	chats, err := owner.Chats()
	if err != nil {
		return err
	}
	group, err := owner.CreateGroup(name)
	if err != nil {
		return err
	}
	for _, c := range chats {
		if !c.Group() {
			if err := owner.Invite(group, c, "admin"); err != nil {
				return err
			}
		}
	}
	link, err := groupLink(owner, group)
	if err != nil {
		return err
	}
	for _, p := range d.people {
		if p != owner {
			if err := p.Connect(link); err != nil {
				return err
			}
		}
	}
	owner.chat = group
	if err := d.settle(ctx); err != nil {
		return err
	}
	for _, p := range d.people {
		if c, err := p.Chat("#" + name); err == nil {
			p.chat = c
		}
	}
	d.prompt()
	d.screen.note("You are in #%s now; :to NAME goes back. The bot was invited: it is in if its script joins.", name)
	return nil
}

// groupLink makes the link of a group that people join by as members.
func groupLink(p *person, group sim.Chat) (string, error) {
	result, err := p.Do("/_create link " + group.Ref + " member")
	if err != nil {
		return "", err
	}
	var r struct {
		GroupLink struct {
			ConnLinkContact struct{ ConnShortLink, ConnFullLink string }
		}
	}
	if err := json.Unmarshal(result, &r); err != nil {
		return "", err
	}
	return cmp.Or(r.GroupLink.ConnLinkContact.ConnShortLink, r.GroupLink.ConnLinkContact.ConnFullLink), nil
}
