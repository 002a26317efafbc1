package devchat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// person is somebody in a session.
type person struct {
	*sim.Person
	home sim.Chat       // with the bot; the zero Chat before there is one
	chat sim.Chat       // the one they write in
	live map[int64]bool // messages that are still being written
	talk map[sim.Chat]*talk
}

// talk is what a chat's commands are about.
type talk struct {
	got  heard // the newest message of others
	sent heard // the newest own one
	// liked is the message that got the newest own reaction.
	liked heard
	file  offer // the newest file that was offered
}

// heard is a message; id is 0 where there is none.
type heard struct {
	id   int64
	from string
	text string
	step int // in the recording, 0 where it is not there
}

type offer struct {
	id   int64
	name string
}

// in returns what was said in a chat.
func (p *person) in(c sim.Chat) *talk {
	if p.talk[c] == nil {
		p.talk[c] = &talk{}
	}
	return p.talk[c]
}

// group is the name of a chat that is a group, "" for the one with the bot.
func (p *person) group(c sim.Chat) string {
	if !c.Group() || c == p.home {
		return ""
	}
	return c.Name
}

// here is where the person writes.
func (p *person) here() (sim.Chat, error) {
	if p.chat == (sim.Chat{}) {
		return sim.Chat{}, fmt.Errorf("the bot has not accepted %s yet", p.Name())
	}
	return p.chat, nil
}

func (s *Session) find(name string) *person {
	i := slices.IndexFunc(s.people, func(p *person) bool { return p.Name() == name })
	if i < 0 {
		return nil
	}
	return s.people[i]
}

// enter makes name the person who writes. A new person connects to the bot.
func (s *Session) enter(ctx context.Context, name string) error {
	p := s.find(name)
	if p == nil {
		if name == s.name {
			return fmt.Errorf("the bot itself is called %s; give the person another name", name)
		}
		made, err := s.net.Person(name)
		if err != nil {
			return fmt.Errorf("nobody can be called %q: %w", name, explain(err))
		}
		p = &person{Person: made, live: map[int64]bool{}, talk: map[sim.Chat]*talk{}}
		s.people = append(s.people, p)
	}
	s.current = p
	s.prompt()
	if p.home != (sim.Chat{}) {
		return nil
	}
	return s.connect(ctx, p)
}

// connect connects a person to the bot. The bot may accept later.
func (s *Session) connect(ctx context.Context, p *person) error {
	st, _ := s.bot.Status()
	if st.Address == "" {
		return errors.New("the bot has no address to connect to (create_address = false)")
	}
	if err := p.Connect(st.Address); err != nil {
		return explain(err)
	}
	s.record.connect(p)
	if err := s.rest(ctx); err != nil {
		return err
	}
	chats, err := p.Chats()
	if err != nil {
		return err
	}
	if len(chats) == 0 {
		s.screen.Note(fmt.Sprintf("%s has not accepted %s yet", s.name, p.Name()))
		return s.show()
	}
	p.home, p.chat = chats[0], chats[0]
	if err := s.show(); err != nil {
		return err
	}
	if s.opts.Live && len(s.people) == 1 && len(s.menu) > 0 {
		s.screen.Note("Its menu: " + strings.Join(s.menu, "  "))
	}
	return nil
}

func (s *Session) prompt() {
	s.screen.Prompt(s.current.Name(), s.current.group(s.current.chat))
}

// menuEntry is a line of a bot's menu, or a menu below it.
type menuEntry struct {
	Type, Keyword, Label, Params string
	Commands                     []menuEntry
}

// readMenu asks for the menu that the bot shows to a person.
func (p *person) readMenu() ([]menuEntry, error) {
	result, err := p.Do("/_contacts 1")
	if err != nil {
		return nil, err
	}
	var list struct {
		Contacts []struct {
			ContactID int64
			Profile   struct {
				Preferences struct{ Commands []menuEntry }
			}
		}
	}
	if err := json.Unmarshal(result, &list); err != nil {
		return nil, err
	}
	for _, c := range list.Contacts {
		if fmt.Sprintf("@%d", c.ContactID) == p.home.Ref {
			return c.Profile.Preferences.Commands, nil
		}
	}
	return nil, nil
}

// commandsOf lists the commands of a menu and of those below it, as they are typed.
func commandsOf(menu []menuEntry) (typed []string) {
	for _, e := range menu {
		if e.Type == "menu" {
			typed = append(typed, commandsOf(e.Commands)...)
			continue
		}
		typed = append(typed, e.typed())
	}
	return typed
}

// typed is a command as it is written.
func (e menuEntry) typed() string {
	if strings.Contains(e.Keyword, " ") {
		return "/'" + e.Keyword + "'"
	}
	return "/" + e.Keyword
}
