package bottest

import (
	"context"
	"fmt"
	"slices"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/luaapi"
)

// Group makes a group: the first member creates it and invites the bot, the
// others join by a link.
func (n *network) Group(ctx context.Context, g luaapi.SimGroup) error {
	owner := n.people[g.Members[0]]
	if _, err := owner.Act(ctx, luaapi.SimAct{Verb: luaapi.SimCreateGroup, Group: g.Name}); err != nil {
		return err
	}
	c, err := owner.chat(g.Name)
	if err != nil {
		return err
	}
	if role, wanted := g.Roles[""]; wanted {
		if err := owner.inviteBot(ctx, c, role); err != nil {
			return err
		}
	}
	if len(g.Members) > 1 {
		link, err := owner.GroupLink(c)
		if err != nil {
			return err
		}
		for _, name := range g.Members[1:] {
			if err := n.people[name].Connect(ctx, link); err != nil {
				return err
			}
		}
	}
	return owner.giveRoles(ctx, c, g)
}

// inviteBot invites the bot and wants it to join by itself, for nobody else
// could make it.
func (p *person) inviteBot(ctx context.Context, c sim.Chat, role string) error {
	if _, err := p.chat(""); err != nil {
		if err := p.Connect(ctx, ""); err != nil {
			return err
		}
	}
	if _, err := p.Act(ctx, luaapi.SimAct{Verb: luaapi.SimInvite, Group: c.Name, Role: role}); err != nil {
		return err
	}
	m, err := p.Member(c, p.net.bot.Name())
	if err != nil {
		return err
	}
	if m.Status == "invited" {
		return fmt.Errorf(`group: the bot was invited to #%s and did not join; a bot joins in bot.on_event("receivedGroupInvitation", …)`, c.Name)
	}
	return nil
}

func (p *person) giveRoles(ctx context.Context, c sim.Chat, g luaapi.SimGroup) error {
	for who, role := range g.Roles {
		switch {
		case who == "" || role == "member":
			continue
		case !slices.Contains(g.Members[1:], who):
			return fmt.Errorf("group.roles: %s is not among the members after the owner", who)
		}
		if _, err := p.Act(ctx, luaapi.SimAct{Verb: luaapi.SimSetRole, Group: c.Name, Who: who, Role: role}); err != nil {
			return err
		}
	}
	return nil
}
