package bottest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

var _ luaapi.SimPerson = (*person)(nil)

// person is somebody in a case's network.
type person struct {
	*sim.Person
	net *network
	// withBot is the chat with the bot; the zero Chat before there is one.
	withBot sim.Chat
	inbox   []received
	writing map[int64]bool // messages that are still being written
}

// received is something in the inbox.
type received struct {
	kind luaapi.SimKind
	luaapi.SimReceived
}

// Connect follows a link.
func (p *person) Connect(ctx context.Context, link string) error {
	own := link == ""
	if own {
		if !p.net.bot.Running() {
			return errStopped
		}
		if link = p.net.bot.Address(); link == "" {
			return errors.New("connect: the bot has no address (create_address = false)")
		}
	}
	if err := p.collect(); err != nil {
		return err
	}
	before, err := p.Chats()
	if err != nil {
		return err
	}
	if _, err := p.Command(ctx, "/connect "+link); err != nil {
		return err
	}
	after, err := p.Chats()
	if err != nil {
		return err
	}
	for _, c := range after {
		if own && !slices.Contains(before, c) {
			p.withBot = c // with a business address it is a group
		}
	}
	old := len(p.inbox)
	if err := p.collect(); err != nil {
		return err
	}
	for i := range p.inbox[old:] {
		p.inbox[old+i].Greeting = true
	}
	return nil
}

// Command sends a chat command and waits until the bot is at rest.
func (p *person) Command(ctx context.Context, cmd string) (json.RawMessage, error) {
	reply, err := p.Core.Send(ctx, cmd)
	if err != nil {
		return nil, err
	}
	r, err := chat.ParseReply(cmd, reply)
	if err != nil {
		return nil, err
	}
	return r.Raw, p.net.rest(ctx)
}

// Next takes the oldest thing of that kind, and lets time pass for it.
func (p *person) Next(ctx context.Context, kind luaapi.SimKind, within time.Duration) (luaapi.SimReceived, bool, error) {
	if kind.From == "" && kind.What != "deleted" { // the core tells whose message is deleted, not by whom
		kind.From = p.net.bot.Name()
	}
	var got luaapi.SimReceived
	found, err := p.net.pass(ctx, p.net.clock.Now().Add(within), func() (bool, error) {
		if err := p.collect(); err != nil {
			return false, err
		}
		i := slices.IndexFunc(p.inbox, func(r received) bool {
			return r.kind.What == kind.What && r.kind.Group == kind.Group && (kind.From == "" || r.kind.From == kind.From)
		})
		if i < 0 {
			return false, nil
		}
		got = p.inbox[i].SimReceived
		p.inbox = slices.Delete(p.inbox, i, i+1)
		return true, nil
	})
	return got, found, err
}

// collect moves what has come into the inbox.
func (p *person) collect() error {
	for {
		r, err := p.Receive(0)
		if err != nil || r == nil {
			return err
		}
		what := r.What
		switch {
		case what == "reaction" && !r.Added:
			continue
		case what == "message" || what == "edited":
			finished := p.writing[r.ItemID] && !r.Live
			if p.writing[r.ItemID] = r.Live; !r.Live {
				delete(p.writing, r.ItemID)
			}
			if r.Live {
				continue // it counts when it is finished
			}
			if finished {
				what = "message"
			}
		}
		kind := luaapi.SimKind{What: what, From: r.Sender}
		if r.Chat.Group() && r.Chat != p.withBot && what != "invitation" {
			kind.Group = r.Chat.Name
		}
		p.inbox = append(p.inbox, received{kind, luaapi.SimReceived{Text: r.Text, Sender: r.Sender, ItemID: r.ItemID, Event: r.Event}})
	}
}

// chat finds the chat with the bot, or a group.
func (p *person) chat(group string) (sim.Chat, error) {
	if group != "" {
		c, err := p.Chat("#" + group)
		if err != nil { // one that the person left, or was only invited to: the core says so
			if id, e := p.knownGroup(group); e == nil {
				return sim.Chat{Ref: fmt.Sprintf("#%d", id), Name: group}, nil
			}
		}
		return c, err
	}
	if p.withBot == (sim.Chat{}) {
		chats, err := p.Chats()
		if err != nil {
			return sim.Chat{}, err
		}
		i := slices.IndexFunc(chats, func(c sim.Chat) bool {
			name, number, numbered := strings.Cut(c.Name, p.net.bot.Name())
			return !c.Group() && numbered && name == "" && (number == "" || number[0] == '_')
		})
		if i < 0 {
			return sim.Chat{}, fmt.Errorf("%s has no chat with the bot: connect first (or the bot has not accepted yet)", p.Name())
		}
		p.withBot = chats[i]
	}
	return p.withBot, nil
}
