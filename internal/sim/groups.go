package sim

import (
	"encoding/json"
	"strings"
)

// groupCommands make groups and change them as a whole.
var groupCommands = table{
	"APINewGroup":           forUser(newGroupCommand),
	"APIUpdateGroupProfile": {run: updateGroupProfile},
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
	u.groups[g.GroupID] = g
	return g
}

// newMember adds a member; the user's own membership is not in members.
func (d *database) newMember(g *group, memberID, role, category, status string, at stamp) *member {
	return &member{
		GroupMemberID: d.next("member"), GroupID: g.GroupID, IndexInGroup: g.nextIndex(), MemberID: memberID, MemberRole: role,
		MemberCategory: category, MemberStatus: status, MemberSettings: memberSettings{ShowMessages: true},
		MemberChatVRange: ourVersions, CreatedAt: at, UpdatedAt: at, group: g,
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
		if x.SupportChat != nil && x.SupportChat.MemberAttention > 0 || strings.HasPrefix(x.MemberStatus, "pending") {
			shown.MembersRequireAttention++
		}
	}
	return encode(shown), nil
}

// currentMembers counts those who take part, the user too.
func (g *group) currentMembers() int64 {
	var n int64
	if g.Membership.counted() {
		n++
	}
	for _, m := range g.members {
		if m.counted() {
			n++
		}
	}
	return n
}

// counted tells whether the member is counted: those who are on their way too.
func (m *member) counted() bool {
	switch m.MemberStatus {
	case "creator", "connected", "complete", "announced", "introduced", "intro-inv":
		return true
	}
	return false
}

func newGroupCommand(c *call) (raw, error) {
	p, err := c.readGroupProfile()
	if err != nil {
		return nil, err
	}
	if p.DisplayName == "" {
		return nil, checkName(p.DisplayName)
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
	d.emitItems(g.chat, info, d.groupE2EE(g, dir))
	d.emitItems(g.chat, info, d.featureItemsOf(g, dir)...)
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
	m.MemberContactProfileID = d.next("profile")
	m.MemberProfile = localProfile{ProfileID: m.MemberContactProfileID, profile: p}
}

// groupItem adds an item that is no message to a group.
func (d *database) groupItem(ch *chat, dir direction, c content, text string) *item {
	it := d.internalItem(ch, dir.Type, c, text)
	it.ChatDir = dir
	return it
}

// groupE2EE adds the item about the encryption of a group.
func (d *database) groupE2EE(g *group, dir direction) *item {
	kind := "rcvGroupE2EEInfo"
	if dir.Type == "groupSnd" {
		kind = "sndGroupE2EEInfo"
	}
	return d.groupItem(g.chat, dir, content{Type: kind, E2EEInfo: object("pqEnabled", false)},
		"This conversation is protected by end-to-end encryption with perfect forward secrecy, repudiation and break-in recovery.")
}

// from is the direction of what a member did.
func (m *member) from() direction { return direction{Type: "groupRcv", Member: encode(m)} }

// stored is the direction as it is read from the database: without the
// connection.
func (m *member) stored() direction {
	shown := *m
	shown.ActiveConn = nil
	return direction{Type: "groupRcv", Member: encode(&shown)}
}

// requireRole is the error of a user whose role is too low.
func (g *group) requireRole(role string) error {
	if roleRank[g.Membership.MemberRole] >= roleRank[role] {
		return nil
	}
	return chatError("groupUserRole", "groupInfo", g, "requiredRole", role)
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
	list := []*member{}
	for _, m := range membersByID(g.members) {
		list = append(list, m)
	}
	return list
}

// hasContact tells whether a contact is a member.
func (g *group) hasContact(id int64) bool {
	for _, m := range g.members {
		if m.MemberContactID == id {
			return true
		}
	}
	return false
}

// member finds a member, not the user.
func (g *group) member(id int64) (*member, error) {
	if m := g.members[id]; m != nil {
		return m, nil
	}
	return nil, chatError("groupMemberNotFound")
}

// byMemberID finds a member by what it is called in the whole group.
func (g *group) byMemberID(id string) *member {
	for _, m := range g.members {
		if m.MemberID == id {
			return m
		}
	}
	return nil
}

// toMembers posts something to all members that can be reached.
func (g *group) toMembers(ms []*member, hand func(to *group, from *member)) {
	for _, m := range ms {
		m.post(hand)
	}
}

// post sends something to one member.
func (m *member) post(hand func(to *group, from *member)) {
	if m.ActiveConn == nil {
		return
	}
	m.ActiveConn.send(func(peer *conn) {
		if peer.member != nil && !peer.member.gone() {
			hand(peer.member.group, peer.member)
		}
	})
}

// gone tells whether the member is not in the group any more.
func (m *member) gone() bool {
	switch m.MemberStatus {
	case "removed", "left", "deleted", "rejected":
		return true
	}
	return false
}

// active are the members that get what is sent to the group.
func (g *group) active() []*member {
	var ms []*member
	for _, m := range membersByID(g.members) {
		if m.counted() && m.ActiveConn != nil && m.ActiveConn.is("ready") {
			ms = append(ms, m)
		}
	}
	return ms
}

func updateGroupProfile(c *call) (raw, error) {
	p, err := c.readGroupProfile()
	if err != nil {
		return nil, err
	}
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	if err := g.requireRole("owner"); err != nil {
		return nil, err
	}
	if p.DisplayName == "" {
		return nil, checkName(p.DisplayName)
	}
	d := c.db
	from := encode(g)
	before, name, now := g.FullGroupPreferences, g.GroupProfile.DisplayName, d.net.now()
	d.setGroupProfile(g, p)
	to := encode(g)
	info := g.chat.info()
	id := d.net.key(12)
	it := d.groupItem(g.chat, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", SndGroupEvent: tagged("groupUpdated", "groupProfile", p)}, "group profile updated")
	it.Meta.ItemSharedMsgID = id
	d.emitItems(g.chat, info, it)
	d.changedGroupFeatures(g, before, direction{Type: "groupSnd"}, info)
	g.touchFeature()
	if p.DisplayName != name {
		g.UpdatedAt = now
	}
	g.toMembers(g.active(), func(to *group, by *member) { to.chat.db.groupProfileReceived(to, by, p, id) })
	return c.reply("groupUpdated", "fromGroup", from, "toGroup", to, "msgSigned", false)
}

func (d *database) setGroupProfile(g *group, p groupProfile) {
	if p.DisplayName != g.GroupProfile.DisplayName {
		delete(g.user.names, g.LocalDisplayName)
		g.LocalDisplayName = g.user.localName(p.DisplayName)
	}
	g.GroupProfile = p
	g.FullGroupPreferences = p.GroupPreferences.full()
}

// changedGroupFeatures adds an item for each feature that changed.
func (d *database) changedGroupFeatures(g *group, before groupPrefs, dir direction, info raw) {
	for _, f := range groupFeatures {
		if f.text == "" || string(encode(*before.get(f.name))) == string(encode(*g.FullGroupPreferences.get(f.name))) {
			continue
		}
		d.emitItems(g.chat, info, d.groupFeatureItem(g, dir, f))
	}
}

func (d *database) groupProfileReceived(g *group, by *member, p groupProfile, id string) {
	from := encode(g)
	before, name, now := g.FullGroupPreferences, g.GroupProfile.DisplayName, d.net.now()
	d.setGroupProfile(g, p)
	to := encode(g)
	info := g.chat.info()
	d.emit(g.user, "groupUpdated", "fromGroup", from, "toGroup", to, "member_", by)
	it := d.eventItem(g, by, tagged("groupUpdated", "groupProfile", p), "group profile updated", id)
	d.emitItems(g.chat, info, it)
	d.changedGroupFeatures(g, before, by.from(), info)
	if p.DisplayName != name {
		g.UpdatedAt = now
	}
}

// eventItem adds an item about something that a member did.
func (d *database) eventItem(g *group, by *member, event raw, text, id string) *item {
	it := d.groupItem(g.chat, by.from(), content{Type: "rcvGroupEvent", RcvGroupEvent: event}, text)
	it.author = by
	it.Meta.ItemTs, it.Meta.ItemSharedMsgID = it.Meta.CreatedAt.second(), id
	return it
}
