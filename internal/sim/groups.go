package sim

import (
	"encoding/json"
)

// groupCommands make groups and change them as a whole.
var groupCommands = table{
	"APINewGroup":           forUser(newGroupCommand).reading(groupProfileIn),
	"APIUpdateGroupProfile": {run: updateGroupProfile, reads: groupProfileIn},
	"APILeaveGroup":         {run: leaveGroup},
	"APIListMembers":        {run: listMembers},
	"APIAddMember":          {run: addMember},
	"APIJoinGroup":          {run: joinGroup},
}

// groupProfile is what a group tells of itself.
type groupProfile struct {
	DisplayName      string          `json:"displayName"`
	FullName         string          `json:"fullName"`
	ShortDescr       string          `json:"shortDescr,omitempty"`
	Description      string          `json:"description,omitempty"`
	Image            string          `json:"image,omitempty"`
	GroupPreferences *groupPrefs     `json:"groupPreferences,omitempty"`
	MemberAdmission  *admission      `json:"memberAdmission,omitempty"`
	PublicGroup      json.RawMessage `json:"publicGroup,omitempty"`
}

type admission struct {
	Review string `json:"review,omitempty"`
}

// readGroupProfile reads the profile in a command.
func (c *call) readGroupProfile() (groupProfile, error) {
	var p groupProfile
	var has map[string]json.RawMessage
	if err := c.decode("groupProfile", &p); err != nil {
		return p, err
	}
	_ = json.Unmarshal(c.cmd.JSON("groupProfile"), &has)
	if has["displayName"] == nil || has["fullName"] == nil {
		return p, errSyntax
	}
	return p, nil
}

func groupProfileIn(c *call) error {
	_, err := c.readGroupProfile()
	return err
}

// newGroup adds a group with the user as a member.
func (d *database) newGroup(u *user, p groupProfile) *group {
	now := d.net.now()
	g := &group{
		GroupID: d.next("group"), LocalDisplayName: u.localName(p.DisplayName), GroupProfile: p, FullGroupPreferences: p.GroupPreferences.full(),
		ChatSettings: chatSettings{EnableNtfs: "all"}, CreatedAt: now, UpdatedAt: now, ChatTs: &now, UserMemberProfileSentAt: &now,
		ChatTags: []int64{}, user: u, members: map[int64]*member{},
	}
	g.chat = newChat(d, u)
	g.chat.group = g
	if u.groups == nil {
		u.groups = map[int64]*group{}
	}
	u.groups[g.GroupID] = g
	return g
}

// newMember adds a member; the user's own membership is not in members.
func (d *database) newMember(g *group, memberID, role, category, status string, at stamp) *member {
	return &member{
		GroupMemberID: d.next("member"), GroupID: g.GroupID, IndexInGroup: g.nextIndex(), MemberID: memberID, MemberRole: role,
		MemberCategory: category, MemberStatus: status, MemberSettings: memberSettings{ShowMessages: true},
		MemberChatVRange: d.versions(), CreatedAt: at, UpdatedAt: at, group: g,
	}
}

func (g *group) nextIndex() int64 {
	g.indexes++
	return g.indexes - 1
}

// membershipOf makes the user a member.
func (d *database) membershipOf(g *group, memberID, role, status string, by invitedBy, at stamp) {
	u := g.user
	m := d.newMember(g, memberID, role, "user", status, at)
	m.InvitedBy = by
	m.LocalDisplayName = u.LocalDisplayName
	m.MemberProfile = u.Profile
	m.MemberContactID, m.MemberContactProfileID = u.UserContactID, u.Profile.ProfileID
	g.Membership = m
}

// MarshalJSON shows the user's profile as it is now in the membership.
func (g *group) MarshalJSON() ([]byte, error) {
	type plain group // without this method
	shown := plain(*g)
	m := *g.Membership
	if g.incognito == nil {
		m.MemberProfile, m.LocalDisplayName = g.user.Profile, g.user.LocalDisplayName
	}
	shown.Membership = &m
	if g.shownCount == nil {
		shown.GroupSummary.CurrentMembers = g.currentMembers()
	} else {
		shown.GroupSummary.CurrentMembers = *g.shownCount
	}
	for _, x := range g.members {
		if x.SupportChat != nil && x.SupportChat.MemberAttention > 0 && !x.gone() || x.pending() {
			shown.MembersRequireAttention++
		}
	}
	return encode(shown), nil
}

func newGroupCommand(c *call) (raw, error) {
	p, err := c.readGroupProfile()
	if err != nil {
		return nil, err
	}
	if err := c.db.checkNewName(p.DisplayName, ""); err != nil {
		return nil, err
	}
	d := c.db
	g := d.newGroup(c.user, p)
	d.membershipOf(g, d.net.key(12), "owner", "creator", invitedBy{Type: "user"}, g.CreatedAt)
	if c.cmd.On("incognito", false) {
		d.disguiseMember(g)
	}
	created := encode(g)
	info := g.chat.info()
	dir := direction{Type: "groupSnd"}
	d.emitItems(g.chat, info, d.banner(g.chat))
	d.emitItems(g.chat, info, d.groupE2EE(g.chat, dir))
	d.emitItems(g.chat, info, d.featureItemsOf(g.chat, dir)...)
	g.touchFeature()
	return c.reply("groupCreated", "groupInfo", created)
}

// touchFeature makes the last item the time of the chat; items about features
// of one's own group count, those of others do not.
func (g *group) touchFeature() {
	if n := len(g.chat.items); n > 0 {
		g.chat.touch(g.chat.items[n-1].Meta.CreatedAt)
	}
}

// disguiseMember gives the user a random name in the group.
func (d *database) disguiseMember(g *group) {
	p := profile{DisplayName: d.net.randomName()}
	g.incognito = &p
	m := g.Membership
	m.LocalDisplayName = g.user.localName(p.DisplayName)
	m.MemberProfile = localProfile{ProfileID: d.next("profile"), profile: p}
}

// groupItem adds an item that is no message to a group.
func (d *database) groupItem(ch *chat, dir direction, c content, text string) *item {
	it := d.internalItem(ch, dir.Type, c, text)
	it.ChatDir = dir
	if c.Type == "sndGroupEvent" && ch.group.UseRelays {
		it.Meta.Signed = true
	}
	return it
}

// groupE2EE adds the item about the encryption of a group.
func (d *database) groupE2EE(ch *chat, dir direction) *item {
	kind := "rcvGroupE2EEInfo"
	if dir.Type == "groupSnd" {
		kind = "sndGroupE2EEInfo"
	}
	if ch.group.UseRelays {
		return d.groupItem(ch, dir, content{Type: kind, Detail: object("public", true, "pqEnabled", false)},
			"This channel or group is NOT end-to-end encrypted.")
	}
	return d.groupItem(ch, dir, content{Type: kind, Detail: object("pqEnabled", false)},
		"This conversation is protected by end-to-end encryption with perfect forward secrecy, repudiation and break-in recovery.")
}

func listMembers(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	return c.reply("groupMembers", "group", object("groupInfo", g, "members", g.listed()))
}

// listed are the members that are shown in lists.
func (g *group) listed() []*member {
	return membersByID(g.members)
}

// member finds a member, not the user.
func (g *group) member(id int64) (*member, error) {
	if m := g.members[id]; m != nil {
		return m, nil
	}
	return nil, chatError("groupMemberNotFound")
}

// eventItem adds an item about something that a member did.
func (d *database) eventItem(g *group, by *member, event raw, text, id string) *item {
	return d.eventItemIn(g.chat, by, event, text, id)
}

func (d *database) eventItemIn(ch *chat, by *member, event raw, text, id string) *item {
	it := d.groupItem(ch, by.from(), content{Type: "rcvGroupEvent", Detail: event}, text)
	it.author = by
	it.Meta.ItemTs, it.Meta.ItemSharedMsgID = it.Meta.CreatedAt.second(), id
	it.forwarded()
	if ch.group.UseRelays {
		it.Meta.Signed = true
	}
	return it
}
