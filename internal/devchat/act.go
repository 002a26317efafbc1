package devchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// explain makes one line of the core's refusal.
func explain(err error) error {
	if !errors.Is(err, sim.ErrRefused) {
		return err
	}
	_, reason, ok := strings.Cut(err.Error(), sim.ErrRefused.Error()+": ")
	if !ok || !json.Valid([]byte(reason)) {
		return err
	}
	var refused *chat.CommandError
	if strings.Contains(reason, `"groupUserRole"`) {
		return errors.New("the role of this person in the group does not allow that")
	}
	if _, err := chat.ParseReply("", []byte(`{"error":`+reason+`}`)); errors.As(err, &refused) {
		return errors.New(strings.TrimPrefix(refused.Error(), ": "))
	}
	return err
}

// send sends a text to the chat of the person who writes.
func (s *Session) send(text string) error {
	p := s.current
	c, err := p.here()
	if err != nil {
		return err
	}
	id, err := p.SendText(c, text)
	if err != nil {
		return explain(err)
	}
	s.said(p, c, Wrote, id, text)
	s.record.act(p, p.group(c), "send", quoteLua(text))
	return nil
}

// said shows what the person who writes did; id is that of a new message, or 0.
func (s *Session) said(p *person, c sim.Chat, what What, id int64, text string) {
	if id != 0 {
		p.in(c).sent = heard{id: id, from: p.Name(), text: text}
	}
	e := s.entry(p, c, what)
	e.Text = text
	s.screen.Said(e)
}

// sendLines sends a text in which \n is a line break and \\ a backslash.
func (s *Session) sendLines(_ context.Context, text string) error {
	return s.send(unescape(text))
}

func unescape(text string) string { return strings.NewReplacer(`\\`, `\`, `\n`, "\n").Replace(text) }

// onGot does something with the newest message of others in the chat.
func (s *Session) onGot(do func(p *person, c sim.Chat, m *heard) error) error {
	p := s.current
	c, err := p.here()
	if err != nil {
		return err
	}
	m := &p.in(c).got
	if m.id == 0 {
		return fmt.Errorf("nobody has written to %s in %s yet", p.Name(), p.chatName(c))
	}
	return explain(do(p, c, m))
}

// onSent does something with the newest own message in the chat.
func (s *Session) onSent(do func(p *person, c sim.Chat, m heard) error) error {
	p := s.current
	c, err := p.here()
	if err != nil {
		return err
	}
	m := p.in(c).sent
	if m.id == 0 {
		return fmt.Errorf("%s has written nothing in %s yet", p.Name(), p.chatName(c))
	}
	return explain(do(p, c, m))
}

// chatName is a chat as people type it.
func (p *person) chatName(c sim.Chat) string {
	if p.group(c) != "" {
		return "#" + c.Name
	}
	return c.Name
}

func (s *Session) reply(_ context.Context, text string) error {
	return s.onGot(func(p *person, c sim.Chat, m *heard) error {
		id, err := p.Reply(c, m.id, text)
		if err != nil {
			return err
		}
		s.said(p, c, Wrote, id, text)
		s.record.act(p, p.group(c), "reply", quoteLua(text), s.record.message(p, p.group(c), m))
		return nil
	})
}

func (s *Session) react(_ context.Context, emoji string) error {
	if emoji != "❤️" && !slices.Contains(emojis(nil, ""), emoji) {
		return fmt.Errorf("nobody can react with %s; there are %s", emoji, strings.Join(emojis(nil, ""), " "))
	}
	return s.onGot(func(p *person, c sim.Chat, m *heard) error {
		if err := s.reaction(p, c, m, emoji, true); err != nil {
			return err
		}
		p.in(c).liked = *m
		return nil
	})
}

// unreact takes a reaction back from the message that got the last one.
func (s *Session) unreact(_ context.Context, emoji string) error {
	p := s.current
	c, err := p.here()
	if err != nil {
		return err
	}
	m := &p.in(c).liked
	if m.id == 0 {
		return fmt.Errorf("%s has reacted to nothing in %s yet", p.Name(), p.chatName(c))
	}
	return explain(s.reaction(p, c, m, emoji, false))
}

func (s *Session) reaction(p *person, c sim.Chat, m *heard, emoji string, add bool) error {
	if err := p.React(c, m.id, emoji, add); err != nil {
		return err
	}
	what, verb := Reacted, "react"
	if !add {
		what, verb = Unreacted, "unreact"
	}
	s.said(p, c, what, 0, emoji)
	s.record.act(p, p.group(c), verb, quoteLua(emoji), s.record.message(p, p.group(c), m))
	return nil
}

func (s *Session) edit(_ context.Context, text string) error {
	return s.onSent(func(p *person, c sim.Chat, m heard) error {
		if err := p.Edit(c, m.id, text); err != nil {
			return err
		}
		s.said(p, c, Edited, m.id, text)
		s.record.act(p, p.group(c), "edit", quoteLua(text))
		return nil
	})
}

func (s *Session) remove(context.Context, string) error {
	return s.onSent(func(p *person, c sim.Chat, m heard) error {
		if err := p.Delete(c, m.id); err != nil {
			return err
		}
		s.said(p, c, Deleted, 0, m.text)
		p.in(c).sent = heard{}
		s.record.act(p, p.group(c), "delete")
		return nil
	})
}

// sendFile is :file PATH [TEXT]; a path with spaces stands in quotes.
func (s *Session) sendFile(_ context.Context, arg string) error {
	path, text, err := cutPath(arg)
	if err != nil {
		return err
	}
	p := s.current
	c, err := p.here()
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("there is no file %s to send", path)
	case info.IsDir():
		return fmt.Errorf("%s is a folder; :file sends one file", path)
	}
	id, err := p.SendFile(c, path, text)
	if err != nil {
		return explain(err)
	}
	p.in(c).sent = heard{id: id, from: p.Name(), text: text}
	e := s.entry(p, c, Wrote)
	e.Text, e.File, e.Size = text, filepath.Base(path), info.Size()
	s.screen.Said(e)
	s.record.file(p, p.group(c), path, text)
	return nil
}

// cutPath splits a path, which may stand in double quotes, from what follows.
func cutPath(arg string) (path, rest string, err error) {
	if quoted, ok := strings.CutPrefix(arg, `"`); ok {
		path, rest, ok = strings.Cut(quoted, `"`)
		if !ok {
			return "", "", errors.New(`the path has no closing quote: want "my photo.jpg"`)
		}
		return path, strings.TrimSpace(rest), nil
	}
	path, rest, _ = strings.Cut(arg, " ")
	return path, strings.TrimSpace(rest), nil
}

// saveFile receives the newest file that was offered in the chat.
func (s *Session) saveFile(_ context.Context, arg string) error {
	path, _, err := cutPath(arg)
	if err != nil {
		return err
	}
	p := s.current
	f := p.in(p.chat).file
	if f.id == 0 {
		return errors.New("nobody has sent a file here")
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	if _, err := p.Do(fmt.Sprintf("/freceive %d encrypt=off %s", f.id, path)); err != nil {
		return explain(err)
	}
	p.in(p.chat).file = offer{}
	s.screen.Note(fmt.Sprintf("%s goes to %s", f.name, path))
	return nil
}

// waitLimit is how much time :wait lets pass at most; every timer on the way runs.
const waitLimit = 366 * 24 * time.Hour

func (s *Session) wait(ctx context.Context, arg string) error {
	d, err := time.ParseDuration(arg)
	if err != nil || d <= 0 || d > waitLimit {
		return fmt.Errorf(":wait %s: want a time up to a year, as 90s, 10m or 2h", arg)
	}
	s.record.advance(d)
	return s.pass(ctx, d)
}
