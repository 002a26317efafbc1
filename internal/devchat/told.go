package devchat

import (
	"encoding/json"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// show shows what has come since the last time: reports of the bot, then what
// people were told.
func (s *Session) show() error {
	s.tellNews()
	for _, p := range s.people {
		for {
			r, err := p.Receive(0)
			if err != nil {
				return err
			}
			if r == nil {
				break
			}
			s.stale = true
			if err := s.told(p, r); err != nil {
				return err
			}
		}
	}
	if !s.stale {
		return nil
	}
	s.stale = false
	return s.readWords()
}

// told shows one thing that p was told. Of a group only what the person who
// writes gets is shown, since everybody gets the same.
func (s *Session) told(p *person, r *sim.Received) error {
	what, ok := p.what(r)
	switch {
	case r.What == "invitation":
		return s.invited(p, r)
	case r.What == "connected" && p.home == (sim.Chat{}):
		p.home, p.chat = r.Chat, r.Chat
		s.screen.Note(s.name + " has accepted " + p.Name())
		s.prompt()
		return nil
	case !ok:
		return nil
	}
	e := s.entry(p, r.Chat, what)
	e.From, e.Own, e.Text = r.Sender, false, r.Text
	step := 0
	if r.Sender == s.name || what == Deleted { // people are told whose message is deleted, not by whom
		step = s.record.told(p, e)
	}
	if what == Wrote || what == Edited {
		s.heard(p, r, &e, step)
	}
	switch {
	case p == s.current || e.Group == "":
		s.screen.Said(e)
	case what == Deleted && s.lost(e):
		e.To, e.Here = "", true
		s.screen.Said(e)
	}
	return nil
}

// lost tells whether a message of the person who writes was deleted that others
// saw; the person's own core tells them nothing of it.
func (s *Session) lost(e Entry) bool {
	m := &s.current.in(s.current.chat).sent
	if e.From != s.current.Name() || e.Group != s.current.group(s.current.chat) || m.id == 0 || m.text != e.Text {
		return false
	}
	*m = heard{} // told once, whoever else sees it
	return true
}

// heard remembers a message, and adds to e what came with it.
func (s *Session) heard(p *person, r *sim.Received, e *Entry, step int) {
	t := p.in(r.Chat)
	quote, file := attached(r.Event)
	if quote != t.sent.text {
		e.Quote = quote
	}
	if file.FileName != "" && e.What == Wrote {
		e.File, e.Size = file.FileName, file.FileSize
		t.file = offer{file.FileID, file.FileName}
	}
	if e.What == Wrote || t.got.id == r.ItemID {
		t.got = heard{r.ItemID, r.Sender, r.Text, step}
	}
}

// entry begins an entry of something that p does or sees in a chat.
func (s *Session) entry(p *person, c sim.Chat, what What) Entry {
	e := Entry{What: what, At: s.clock.Now(), From: p.Name(), Own: true, Group: p.group(c), Here: p == s.current && c == p.chat}
	if p != s.current {
		e.To = p.Name()
	}
	return e
}

// what tells what somebody did, false for what is not shown. A message that is
// written live is shown when it is finished.
func (p *person) what(r *sim.Received) (what What, shown bool) {
	switch r.What {
	case "message", "edited":
		finished := p.live[r.ItemID] && !r.Live
		if r.Live {
			p.live[r.ItemID] = true
			return 0, false
		}
		delete(p.live, r.ItemID)
		if r.What == "message" || finished {
			return Wrote, true
		}
		return Edited, true
	case "deleted":
		return Deleted, true
	case "reaction":
		if r.Added {
			return Reacted, true
		}
		return Unreacted, true
	}
	return 0, false
}

// invited has a person join a group that they are invited to.
func (s *Session) invited(p *person, r *sim.Received) error {
	if err := p.Join(r.Chat); err != nil {
		s.screen.Hint(explain(err))
		return nil
	}
	s.screen.Note(r.Sender + " invited " + p.Name() + " to #" + r.Text + ", who joined; :to #" + r.Text + " goes there")
	s.record.join(p, r.Chat.Name)
	return nil
}

type fileInfo struct {
	FileID   int64
	FileName string
	FileSize int64
}

// attached reads what came with a message: the text it quotes and a file.
func attached(event []byte) (quote string, file fileInfo) {
	type item struct {
		ChatItem struct {
			QuotedItem struct{ Content struct{ Text string } }
			File       fileInfo
		}
	}
	var e struct {
		Result struct {
			ChatItems []item
			ChatItem  item
		}
	}
	if json.Unmarshal(event, &e) != nil {
		return "", fileInfo{}
	}
	it := e.Result.ChatItem
	if len(e.Result.ChatItems) > 0 {
		it = e.Result.ChatItems[0]
	}
	return it.ChatItem.QuotedItem.Content.Text, it.ChatItem.File
}
