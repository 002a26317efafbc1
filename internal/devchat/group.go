package devchat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// goTo makes another chat the one to write in.
func (s *Session) goTo(_ context.Context, name string) error {
	p := s.current
	chats, err := p.Chats()
	if err != nil {
		return err
	}
	var names []string
	for _, c := range chats {
		if name == p.chatName(c) || name == c.Name || name == "@"+c.Name {
			p.chat = c
			s.prompt()
			return nil
		}
		names = append(names, p.chatName(c))
	}
	if s.find(name) != nil {
		return fmt.Errorf("%s is not in a chat with %s; :as %s writes as them, :group makes a group of all", name, p.Name(), name)
	}
	return fmt.Errorf("%s has no chat %s; there are: %s", p.Name(), name, strings.Join(names, ", "))
}

// makeGroup makes a group of everybody in the session: the person who writes owns
// it and invites the bot as an admin, the others join by the group's link.
func (s *Session) makeGroup(ctx context.Context, name string) error {
	name = strings.TrimPrefix(name, "#")
	owner := s.current
	group, err := owner.CreateGroup(name)
	if err != nil {
		return explain(err)
	}
	step := s.record.place()
	invited := !owner.home.Group() && owner.home != sim.Chat{}
	if invited {
		if err := owner.Invite(group, owner.home, "admin"); err != nil {
			return explain(err)
		}
		if err := s.rest(ctx); err != nil {
			return err
		}
	}
	members := []*person{owner}
	link, err := owner.GroupLink(group)
	if err != nil {
		return explain(err)
	}
	for _, p := range s.people {
		if p == owner {
			continue
		}
		if err := p.Connect(link); err != nil {
			return explain(err)
		}
		if err := s.rest(ctx); err != nil {
			return err
		}
		members = append(members, p)
	}
	owner.chat = group
	for _, p := range members[1:] {
		if c, err := p.Chat("#" + name); err == nil {
			p.chat = c
		}
	}
	bot, err := owner.Member(group, s.name)
	joined := err == nil && bot.Status != "invited"
	s.record.group(step, group.Name, members, invited, joined)
	s.prompt()
	s.screen.Note(fmt.Sprintf("You are in #%s now; :to %s goes back.", group.Name, owner.home.Name))
	if !joined {
		s.screen.Note(fmt.Sprintf(`%s was invited and did not join; a bot joins in bot.on_event("receivedGroupInvitation", …).`, s.name))
	}
	return s.show()
}

// inGroup returns the person who writes and the group they are in.
func (s *Session) inGroup() (*person, sim.Chat, error) {
	p := s.current
	if p.group(p.chat) == "" {
		return nil, sim.Chat{}, errors.New("that is for groups; :group NAME makes one, :to #NAME goes to one")
	}
	return p, p.chat, nil
}

// memberRoles are those that somebody can be given.
var memberRoles = []string{"observer", "author", "member", "moderator", "admin", "owner"}

func (s *Session) setRole(_ context.Context, arg string) error {
	p, c, err := s.inGroup()
	if err != nil {
		return err
	}
	i := strings.LastIndex(arg, " ")
	if i < 0 || !slices.Contains(memberRoles, arg[i+1:]) {
		return fmt.Errorf(":role needs a member and a role, one of %s", strings.Join(memberRoles, ", "))
	}
	name, role := strings.TrimSpace(arg[:i]), arg[i+1:]
	m, err := p.Member(c, name)
	if err != nil {
		return explain(err)
	}
	if _, err := p.Do(fmt.Sprintf("/_member role %s %d %s", c.Ref, m.ID, role)); err != nil {
		return explain(err)
	}
	s.record.onMember(p, c.Name, "set_role", name, quoteLua(role))
	s.screen.Note(fmt.Sprintf("%s is %s in #%s now", name, role, c.Name))
	return nil
}

func (s *Session) removeMember(_ context.Context, name string) error {
	p, c, err := s.inGroup()
	if err != nil {
		return err
	}
	m, err := p.Member(c, name)
	if err != nil {
		return explain(err)
	}
	if _, err := p.Do(fmt.Sprintf("/_remove %s %d", c.Ref, m.ID)); err != nil {
		return explain(err)
	}
	s.record.onMember(p, c.Name, "remove", name)
	s.screen.Note(fmt.Sprintf("%s is no longer in #%s", name, c.Name))
	return nil
}

func (s *Session) leave(context.Context, string) error {
	p, c, err := s.inGroup()
	if err != nil {
		return err
	}
	if err := p.Leave(c); err != nil {
		return explain(err)
	}
	s.record.leave(p, c.Name)
	p.chat = p.home
	s.prompt()
	s.screen.Note("You left #" + c.Name)
	return nil
}
