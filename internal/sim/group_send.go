package sim

import (
	"slices"
	"strings"
)

// sendGroup stores messages to a group, answers with them and posts them.
func (c *call) sendGroup(out outgoing) (raw, error) {
	ch := out.chat
	g := ch.group
	refs := make([]map[string]mention, len(out.msgs))
	for i, m := range out.msgs {
		var err error
		if refs[i], err = g.mentions(m.Mentions, m.content.text); err != nil {
			return nil, err
		}
	}
	if err := out.checkMany(); err != nil {
		return nil, err
	}
	to, err := ch.audience()
	if err != nil {
		return nil, err
	}
	if err := ch.requireSpeaker(); err != nil {
		return nil, err
	}
	for _, m := range out.msgs {
		if err := ch.prohibited(m.content, m.FileSource != nil); err != nil {
			return nil, err
		}
	}
	large, err := out.prepare()
	if err != nil {
		return nil, err
	}
	if err := c.refuseLarge(out, large); err != nil {
		return nil, err
	}
	info := ch.info()
	items := out.items(direction{Type: "groupSnd"})
	for i, it := range items {
		if refs[i] != nil {
			it.Mentions = refs[i]
		}
		it.Meta.ShowGroupAsSender = out.asGroup
		for _, m := range to {
			status := "sndNew"
			if m.introducer() != nil {
				status = "forwarded"
			}
			it.recipients = append(it.recipients, &recipient{m, status})
		}
	}
	reply := itemsResult(c.user.asLoaded(), ch, "newChatItems", info, items, (*item).storedDir)
	if ch.support == nil && !out.asGroup {
		defer c.db.tellMemberProfile(g, to)()
	}
	out.inParts(items, func(part []*item) { c.db.postGroup(ch, part, to) })
	return reply, nil
}

// audience are the members that what the user does in this chat is told to, or
// the error of a user who may not be heard there.
func (ch *chat) audience() ([]*member, error) {
	g := ch.group
	support := ch.support != nil && (!g.UseRelays || g.isRelay())
	switch {
	case support && ch.support.member == nil:
		if !g.hasModerator() {
			return nil, commandError("no admins support this message")
		}
	case !g.Membership.takesPart():
		return nil, commandError("not current member")
	case support && !ch.support.member.current() && !ch.support.member.pending():
		return nil, commandError("support member not current or pending")
	}
	return ch.recipients(), nil
}

// hasModerator tells whether another member can answer in support chats.
func (g *group) hasModerator() bool {
	for _, m := range g.members {
		if m.current() && roleRank[m.MemberRole] >= roleRank["moderator"] {
			return true
		}
	}
	return false
}

// moderators are the other members who moderate.
func (g *group) moderators() []*member {
	return slices.DeleteFunc(g.listeners(), func(m *member) bool { return roleRank[m.MemberRole] < roleRank["moderator"] })
}

// requireSpeaker is the error of a user whose role is too low to write here.
func (ch *chat) requireSpeaker() error {
	switch {
	case ch.support == nil:
		return ch.group.requireRole("author")
	case ch.support.member != nil:
		return ch.group.requireRole("moderator")
	case ch.group.Membership.pending():
		return nil
	}
	return ch.group.requireRole("observer")
}

// prohibited is the error of a content that the group does not allow here.
// Chats with the moderators are free, but for voice messages.
func (ch *chat) prohibited(m msgContent, file bool) error {
	g, me := ch.group, ch.group.Membership
	switch {
	case ch.support != nil && g.FullGroupPreferences.Support.Enable != "on" && ch.support.owner().SupportChat == nil:
		return notAllowedText("Chat with admins")
	case m.typ == "voice" && !g.allows("voice", me):
		return notAllowedText("Voice messages")
	case ch.support != nil:
	case file && m.typ != "voice" && !g.allows("files", me):
		return notAllowedText("Files and media")
	}
	if ch.support == nil {
		return g.prohibitedLink(m.text)
	}
	return nil
}

// prohibitedLink is the error of a text with a link that the user may not send.
func (g *group) prohibitedLink(text string) error {
	if hasSimplexLink(text) && !g.allows("simplexLinks", g.Membership) {
		return notAllowedText("SimpleX links")
	}
	return nil
}

func hasSimplexLink(text string) bool {
	if !strings.Contains(text, "://") && !strings.Contains(text, "simplex:") { // most have none
		return false
	}
	pieces, _ := markdown(text)
	return slices.ContainsFunc(pieces, func(p formatted) bool { return p.Format != nil && p.Format.Type == "simplexLink" })
}

func notAllowedText(name string) error { return commandError("feature not allowed " + name) }

// mentions turns numbers of members into what an item shows of them.
func (g *group) mentions(ids map[string]int64, text string) (map[string]mention, error) {
	if len(ids) == 0 || !hasFormat(text) {
		return nil, nil
	}
	refs := map[string]mention{}
	inText, seen := mentionedNames(text), map[int64]bool{}
	for name, id := range ids {
		if len(ids) > maxMentions || !inText[name] || seen[id] {
			return nil, storeError("invalidMention")
		}
		seen[id] = true
	}
	for name, id := range ids {
		m := g.members[id]
		if g.Membership.GroupMemberID == id {
			m = g.Membership
		}
		if m == nil {
			return nil, storeError("groupMemberNotFound", "groupMemberId", id)
		}
		refs[name] = m.mentioned()
	}
	return refs, nil
}

// maxMentions is how many members a message may mention.
const maxMentions = 3

func hasFormat(text string) bool {
	pieces, _ := markdown(text)
	return pieces != nil
}

// mentionedNames are the names that a text mentions.
func mentionedNames(text string) map[string]bool {
	names := map[string]bool{}
	pieces, _ := markdown(text)
	for _, p := range pieces {
		if p.Format != nil && p.Format.Type == "mention" {
			names[p.Format.MemberName] = true
		}
	}
	return names
}

func (m *member) mentioned() mention {
	return mention{MemberID: m.MemberID, MemberRef: object("groupMemberId", m.GroupMemberID, "displayName", m.MemberProfile.DisplayName,
		"localAlias", "", "memberRole", m.MemberRole)}
}

// recipients are the members that a message in this chat goes to.
func (ch *chat) recipients() []*member {
	if ch.support == nil {
		return ch.group.listeners()
	}
	var ms []*member
	for _, m := range membersByID(ch.group.members) {
		if (m.counted() || m.pending()) && m.reachable() && (m == ch.support.member || roleRank[m.MemberRole] >= roleRank["moderator"]) {
			ms = append(ms, m)
		}
	}
	return ms
}

// scopeID is the member whose support chat it is, "" in the main chat.
func (ch *chat) scopeID() string {
	switch {
	case ch.support == nil:
		return ""
	case ch.support.member == nil:
		return ch.group.Membership.MemberID
	default:
		return ch.support.member.MemberID
	}
}
