package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// person is somebody in a dev session and the chat they are in.
type person struct {
	*sim.Person
	chat sim.Chat
	last map[sim.Chat]received // the newest message of each chat
	mine map[sim.Chat]int64    // the newest own one
	live map[int64]bool        // messages that are still being written
}

type received struct {
	id   int64
	text string
}

// lookEvery is how often the session looks for messages that no line of input
// caused, as those of timers.
const lookEvery = 50 * time.Millisecond

// converse reads lines until they end, and then waits for the last answers.
func (d *devSession) converse(ctx context.Context) error {
	lines := make(chan string)
	failed := make(chan error, 1)
	go func() { // ends with the input; where that blocks for ever, with the program
		defer close(lines)
		for {
			line, err := d.screen.readLine()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					failed <- err
				}
				return
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.bot.Done():
			return nil
		case <-look.C:
			if err := d.show(); err != nil {
				return err
			}
		case line, more := <-lines:
			if !more {
				select {
				case err := <-failed:
					return err
				default:
					return ignoreEnd(d.settle(ctx))
				}
			}
			quit, err := d.line(ctx, line)
			if err != nil {
				d.screen.problem(err)
			}
			if quit {
				return nil
			}
			if err := ignoreEnd(d.settle(ctx)); err != nil {
				return err
			}
		}
	}
}

// ignoreEnd leaves out the errors that only say that the session ends.
func ignoreEnd(err error) error {
	if errors.Is(err, host.ErrStopped) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// enter makes name the current person. A new person connects to the bot.
func (d *devSession) enter(ctx context.Context, name string) error {
	i := slices.IndexFunc(d.people, func(p *person) bool { return p.Name() == name })
	if i < 0 {
		p, err := d.net.Person(name)
		if err != nil {
			return err
		}
		d.people = append(d.people, &person{Person: p, last: map[sim.Chat]received{}, mine: map[sim.Chat]int64{}, live: map[int64]bool{}})
		i = len(d.people) - 1
	}
	d.current = d.people[i]
	if d.current.chat == (sim.Chat{}) {
		if err := d.connect(ctx, d.current); err != nil {
			return err
		}
	}
	d.prompt()
	return nil
}

// connect connects a person to the bot.
func (d *devSession) connect(ctx context.Context, p *person) error {
	st, _ := d.bot.Status()
	if st.Address == "" {
		return fmt.Errorf("the bot has no address to connect to (create_address = false)")
	}
	if err := p.Connect(st.Address); err != nil {
		return err
	}
	if err := d.settle(ctx); err != nil {
		return err
	}
	chats, err := p.Chats()
	if err != nil {
		return err
	}
	if len(chats) == 0 {
		return fmt.Errorf("the bot did not accept %s (auto_accept = false?)", p.Name())
	}
	p.chat = chats[0]
	return nil
}

func (d *devSession) prompt() {
	where := ""
	if d.current.chat.Group() {
		where = " #" + d.current.chat.Name
	}
	d.screen.prompt(d.current.Name() + where)
}

// show shows what people received.
func (d *devSession) show() error {
	for _, p := range d.people {
		for {
			r, err := p.Receive(0)
			if err != nil {
				return err
			}
			if r == nil {
				break
			}
			if err := d.told(p, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// told handles one thing that p was told. Of a group only what the current
// person gets is shown, since everybody gets the same.
func (d *devSession) told(p *person, r *sim.Received) error {
	shown := p == d.current || !r.Chat.Group()
	other := ""
	if p != d.current {
		other = p.Name()
	}
	switch r.What {
	case "message", "edited":
		finished := p.live[r.ItemID] && !r.Live
		if p.live[r.ItemID] = r.Live; !r.Live {
			delete(p.live, r.ItemID)
		}
		p.last[r.Chat] = received{r.ItemID, r.Text}
		switch {
		case !shown || r.Live:
		case r.What == "message" || finished:
			d.screen.message(r.Sender, other, r.Text)
		default:
			d.screen.note("%s changed a message: %s", r.Sender, r.Text)
		}
	case "deleted":
		if shown {
			d.screen.note("%s deleted: %s", r.Sender, r.Text)
		}
	case "reaction":
		if shown && r.Added {
			d.screen.note("%s reacted: %s", r.Sender, r.Text)
		}
	case "invitation":
		d.screen.note("%s invited %s to #%s", r.Sender, p.Name(), r.Text)
		return p.Join(r.Chat)
	}
	return nil
}

// oneLine shows line breaks as \n, for output that is read line by line.
func oneLine(text string) string {
	return strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(text)
}
