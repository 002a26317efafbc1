package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// town is where people meet the bot: its address and links of groups it is in.
type town struct {
	net     *sim.Network
	ledger  *ledger
	address string
	file    string // what people send
	groups  []string
}

// found makes groups that the bot is in and whose links anybody may follow.
func (w *town) found(ctx context.Context, n int) error {
	founder, err := w.net.Person("founder")
	if err != nil {
		return err
	}
	t := &talker{town: w, Person: founder}
	bot, err := t.meet(ctx, w.address)
	if err != nil {
		return err
	}
	for i := range n {
		g, err := founder.CreateGroup(fmt.Sprintf("group%d", i))
		if err != nil {
			return err
		}
		if err := founder.Invite(g, bot, "member"); err != nil {
			return err
		}
		if err := t.greet(ctx, g); err != nil {
			return fmt.Errorf("the bot does not join: %w", err)
		}
		reply, err := founder.Do("/_create link " + g.Ref + " member")
		if err != nil {
			return err
		}
		var r struct {
			GroupLink struct {
				ConnLinkContact struct{ ConnShortLink, ConnFullLink string }
			}
		}
		if err := json.Unmarshal(reply, &r); err != nil {
			return err
		}
		w.groups = append(w.groups, r.GroupLink.ConnLinkContact.ConnFullLink)
	}
	go t.listen(ctx) // its queue must not run full; ends with ctx or the network
	return nil
}

// talker is somebody who talks to the bot.
type talker struct {
	*town
	*sim.Person
	rand *rand.Rand
	said int
}

var errGone = errors.New("the time is over")

// hear waits for the next thing that holds. It ends with ctx.
func (t *talker) hear(ctx context.Context, holds func(*sim.Received) bool) (*sim.Received, error) {
	for ctx.Err() == nil {
		r, err := t.Receive(20 * time.Millisecond)
		if err != nil {
			return nil, err
		}
		if r != nil && holds(r) {
			return r, nil
		}
	}
	return nil, errGone
}

// listen takes what comes, until ctx ends or the person's app is closed.
func (t *talker) listen(ctx context.Context) {
	_, _ = t.hear(ctx, func(*sim.Received) bool { return false })
}

// meet connects to the bot and waits for its welcome.
func (t *talker) meet(ctx context.Context, address string) (sim.Chat, error) {
	if err := t.Connect(address); err != nil {
		return sim.Chat{}, err
	}
	if _, err := t.hear(ctx, func(r *sim.Received) bool { return r.What == "message" && r.Text == "Welcome." }); err != nil {
		return sim.Chat{}, err
	}
	return t.Chat("Soaker")
}

// greet writes to a group until the bot answers there: then both are connected.
func (t *talker) greet(ctx context.Context, group sim.Chat) error {
	for ctx.Err() == nil {
		if _, err := t.SendText(group, "anybody there?"); err != nil {
			return err
		}
		soon, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		_, err := t.hear(soon, func(r *sim.Received) bool {
			return r.What == "message" && r.Sender == "Soaker" && r.Chat.Ref == group.Ref
		})
		cancel()
		if !errors.Is(err, errGone) {
			return err
		}
	}
	return errGone
}

// join follows the link of a group and waits until the bot answers there.
func (t *talker) join(ctx context.Context, link string) (sim.Chat, error) {
	if err := t.Connect(link); err != nil {
		return sim.Chat{}, err
	}
	r, err := t.hear(ctx, func(r *sim.Received) bool { return r.What == "joined" })
	if err != nil {
		return sim.Chat{}, err
	}
	return r.Chat, t.greet(ctx, r.Chat)
}

// say writes a text that the bot must handle, some with a file.
func (t *talker) say(to sim.Chat) error {
	t.said++
	text := fmt.Sprintf("%s %d", t.Name(), t.said)
	var err error
	if t.rand.IntN(12) == 0 {
		_, err = t.SendFile(to, t.file, text)
	} else {
		_, err = t.SendText(to, text)
	}
	if err != nil {
		return err
	}
	t.ledger.noteSent(text)
	return nil
}

// visit is one person's stay: meet the bot, maybe join a group, talk, leave.
func (t *talker) visit(ctx context.Context) error {
	bot, err := t.meet(ctx, t.address)
	if err != nil {
		return err
	}
	chats := []sim.Chat{bot}
	if t.rand.IntN(2) == 0 {
		g, err := t.join(ctx, t.groups[t.rand.IntN(len(t.groups))])
		if err != nil {
			return err
		}
		chats = append(chats, g)
	}
	for range 10 + t.rand.IntN(60) {
		if ctx.Err() != nil {
			return errGone
		}
		if err := t.say(chats[t.rand.IntN(len(chats))]); err != nil {
			return err
		}
		pause, cancel := context.WithTimeout(ctx, time.Duration(t.rand.IntN(8))*time.Millisecond)
		t.listen(pause)
		cancel()
	}
	for _, c := range chats[1:] {
		if t.rand.IntN(2) == 0 {
			if err := t.Leave(c); err != nil {
				return err
			}
		}
	}
	if t.rand.IntN(3) == 0 {
		_, err = t.Do("/_delete " + bot.Ref + " full notify=on")
	}
	return err
}

// talk lets one person after the other visit the bot until ctx ends.
func (w *town) talk(ctx context.Context, who int, r *rand.Rand) (visits int, err error) {
	for ; ctx.Err() == nil; visits++ {
		p, err := w.net.Person(fmt.Sprintf("p%d-%d", who, visits))
		if err != nil {
			return visits, err
		}
		t := &talker{town: w, Person: p, rand: r}
		err = t.visit(ctx)
		p.Close()
		if err != nil && !errors.Is(err, errGone) {
			return visits, fmt.Errorf("%s: %w", p.Name(), err)
		}
	}
	return visits, nil
}

// unread lists the chats of a database that have unread messages.
func unread(net *sim.Network, prefix string) (string, error) {
	core, reply, err := net.Open(prefix, "", "yesUp")
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, reply.JSON)
	}
	defer core.Close(context.Background())
	answer, err := core.Send(context.Background(), `/_get chats 1 count=1000 {"type":"filters","favorite":false,"unread":true}`)
	if err != nil {
		return "", err
	}
	var r struct {
		Result struct {
			Chats []struct {
				ChatInfo  json.RawMessage
				ChatItems json.RawMessage
				ChatStats struct{ UnreadCount int }
			}
		}
	}
	if err := json.Unmarshal(answer, &r); err != nil {
		return "", err
	}
	var left strings.Builder
	for _, c := range r.Result.Chats {
		if c.ChatStats.UnreadCount > 0 {
			fmt.Fprintf(&left, "%d unread, the last of the chat: %s\n", c.ChatStats.UnreadCount, c.ChatItems)
		}
	}
	return left.String(), nil
}
