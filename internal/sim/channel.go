package sim

import (
	"encoding/json"
	"slices"
)

// channelCommands are about public groups: what their owners post goes to
// relays, and the relays pass it on.
//
//	owner ──▶ relay ──▶ subscribers
//	  ▲         │
//	  └─────────┘ what members write, who comes and goes
var channelCommands = table{
	"APINewPublicGroup":          forUser(newChannel),
	"APIGetGroupRelays":          {run: groupRelays},
	"APIGetUpdatedGroupLinkData": {run: updateLinkData},
}

// channel is what the link of a public group tells everybody.
type channel struct {
	link    *link
	id      string // publicGroupId
	rootKey string
	profile groupProfile
	count   int64 // of members, relays left out
	owner   introduced
	relays  []*groupRelay
}

// groupRelay is one relay of a channel, as the owner sees it.
type groupRelay struct {
	GroupRelayID  int64      `json:"groupRelayId"`
	GroupMemberID int64      `json:"groupMemberId"`
	UserChatRelay *chatRelay `json:"userChatRelay"`
	RelayStatus   string     `json:"relayStatus"`
	RelayLink     string     `json:"relayLink,omitempty"`
	RelayCap      *struct{}  `json:"relayCap,omitempty"` // of 7.0

	link   *link
	member introduced
}

// isRelay tells whether the user passes on what is posted in the group.
func (g *group) isRelay() bool { return g.RelayOwnStatus != "" }

// ownsChannel tells whether the user made the channel.
func (g *group) ownsChannel() bool {
	return g.UseRelays && g.channel != nil && g.Membership.MemberStatus == "creator"
}

// signed is the mark of what happened in a channel; nothing in other groups.
func (g *group) signed() any {
	if !g.UseRelays {
		return nil
	}
	return "verified"
}

func newChannel(c *call) (raw, error) {
	p, err := c.readGroupProfile()
	if err != nil {
		return nil, err
	}
	d, u := c.db, c.user
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(u)
	relays, links, results, err := c.chosenRelays()
	if err != nil || len(links) == 0 {
		d.queuesDeleted([]string{d.net.agentID()}, true) // of the link, which was there first
	}
	switch {
	case err != nil:
		return nil, err
	case len(links) == 0:
		return c.reply("publicGroupCreationFailed", "addRelayResults", results)
	}
	g := d.newChannelGroup(u, p)
	invited := make([]*member, len(relays))
	for i, r := range relays {
		invited[i] = d.inviteRelay(g, r, links[i])
	}
	info := g.chat.info()
	dir := direction{Type: "groupSnd"}
	d.emitItems(g.chat, info, d.banner(g.chat))
	d.emitItems(g.chat, info, d.groupE2EE(g.chat, dir))
	g.ChatTs = &g.CreatedAt
	reply, _ := c.reply("publicGroupCreated", "groupInfo", encode(g), "groupLink", g.link, "groupRelays", encode(g.channel.relays))
	d.net.post(d, func() {
		d.emitItems(g.chat, info, d.featureItemsOf(g.chat, dir)...)
		g.touchFeature()
	})
	for i, m := range invited {
		d.askRelay(links[i], g, m, g.channel.relays[i])
	}
	return reply, nil
}

// askRelay posts the invitation to a relay.
func (d *database) askRelay(l *link, g *group, m *member, r *groupRelay) {
	d.net.post(l.db, func() { l.db.askedToRelay(l.user, g, m, r) })
}

// addGroupRelays adds relays to a channel; those who subscribe after it connect
// to them, too. When one of several can't be reached, the others are added.
func addGroupRelays(c *call) (raw, error) {
	d := c.db
	g, err := c.group(c.cmd.Int("groupId"))
	switch {
	case err != nil:
		return nil, err
	case !g.UseRelays:
		return nil, commandError("group does not use relays")
	}
	if err := g.requireRole("owner"); err != nil {
		return nil, err
	}
	for _, r := range g.channel.relays {
		if slices.Contains(c.cmd.Ints("relayIds"), r.UserChatRelay.ChatRelayID) {
			return nil, notSimulated("APIAddGroupRelays of a relay that the channel has")
		}
	}
	if err := d.needServer(); err != nil {
		return nil, err
	}
	relays, links, results, err := c.chosenRelays()
	if err != nil {
		return nil, err
	}
	for i, r := range relays {
		m := d.inviteRelay(g, r, links[i])
		d.askRelay(links[i], g, m, g.channel.relays[len(g.channel.relays)-1])
	}
	if len(relays) < len(results) {
		return c.reply("groupRelaysAddFailed", "addRelayResults", results)
	}
	return c.reply("groupRelaysAdded", "groupInfo", g, "groupLink", g.link, "groupRelays", encode(g.channel.relays))
}

// chosenRelays finds the relays that the command names, and the addresses of
// those that can be reached; results tells of all, with what is wrong with the others.
func (c *call) chosenRelays() (relays []*chatRelay, links []*link, results []raw, err error) {
	for _, id := range c.cmd.Ints("relayIds") {
		var relay *chatRelay
		for _, r := range c.db.relaysOf(c.user) {
			if r.ChatRelayID == id {
				relay = r
			}
		}
		if relay == nil {
			return nil, nil, nil, storeError("userChatRelayNotFound", "chatRelayId", id)
		}
		l, err := c.db.reach(relay)
		if err != nil {
			if relay.Preset { // the network itself fails
				return nil, nil, nil, err
			}
			results = append(results, object("relay", relay, "relayError", err.(*apiError).body))
			continue
		}
		relays, links, results = append(relays, relay), append(links, l), append(results, object("relay", relay))
	}
	return relays, links, results, nil
}

// newChannelGroup makes the group of a channel with its link and keys.
func (d *database) newChannelGroup(u *user, p groupProfile) *group {
	l := d.net.newLink(d, u, 'c')
	ch := &channel{link: l, id: d.net.key(32), rootKey: d.net.key(44), count: 1}
	l.channel = ch
	p.PublicGroup = json.RawMessage(object("groupType", "channel", "groupLink", l.Short, "publicGroupId", ch.id))
	g := d.newGroup(u, p)
	d.membershipOf(g, d.net.key(12), "owner", "creator", invitedBy{Type: "user"}, g.CreatedAt)
	l.group, g.channel, g.UseRelays = g, ch, true
	g.Membership.MemberPubKey = d.net.key(44)
	g.GroupKeys = object("publicGroupId", ch.id, "groupRootKey", tagged("private", "rootPrivKey", d.net.key(64)), "memberPrivKey", d.net.key(64))
	g.setPublicCount(1)
	g.startRoster()
	g.link = &groupLink{
		UserContactLinkID: d.next("link"), ConnLink: l.connLink, ShortLinkDataSet: true, ShortLinkLargeDataSet: true,
		GroupLinkID: d.net.key(12), AcceptMemberRole: "observer", link: l, agentConnID: d.net.agentID(), connID: d.next("conn"),
	}
	ch.profile, ch.owner = g.GroupProfile, g.Membership.asIntroduced()
	ch.owner.profile.PeerType = ""
	return g
}

func (g *group) setPublicCount(n int64) { g.GroupSummary.PublicMemberCount = &n }

// inviteRelay adds a relay to a channel.
func (d *database) inviteRelay(g *group, r *chatRelay, l *link) *member {
	m := d.newMember(g, d.net.key(12), "relay", "invitee", "invited", d.net.now())
	m.InvitedBy, m.InvitedByGroupMemberID = invitedBy{Type: "user"}, g.Membership.GroupMemberID
	m.MemberChatVRange = unknownVersions
	m.LocalDisplayName = g.user.localName(r.RelayProfile.DisplayName)
	m.MemberContactProfileID = d.next("profile")
	m.MemberProfile = localProfile{ProfileID: m.MemberContactProfileID, profile: l.user.sentAsMember(nil)}
	g.members[m.GroupMemberID] = m
	d.memberConn(m, "joined", d.net.now())
	relay := &groupRelay{GroupRelayID: d.next("groupRelay"), GroupMemberID: m.GroupMemberID, UserChatRelay: r, RelayStatus: "invited"}
	if d.v7 {
		relay.RelayCap = &struct{}{}
	}
	g.channel.relays = append(g.channel.relays, relay)
	return m
}

// publish puts what changed behind the link of the channel, and says so.
func (d *database) publish(g *group, relaysChanged bool) {
	ch := g.channel
	ch.profile, ch.count = g.GroupProfile, *g.GroupSummary.PublicMemberCount
	d.emit(g.user, "groupLinkDataUpdated", "groupInfo", g, "groupLink", g.link, "groupRelays", ch.relays, "relaysChanged", relaysChanged)
	g.UpdatedAt = d.net.now()
}

func groupRelays(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	relays := []*groupRelay{}
	if g.ownsChannel() {
		relays = g.channel.relays
	}
	return c.reply("groupRelays", "groupInfo", g, "groupRelays", relays)
}

// updateLinkData reads anew what the link of a channel tells.
func updateLinkData(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	if g.channel == nil {
		return nil, commandError("group has no link data")
	}
	if err := c.db.needServer(); err != nil {
		return nil, err
	}
	if g.channel.link.gone {
		return nil, errAuth
	}
	g.setPublicCount(g.channel.count)
	g.UpdatedAt = c.db.net.now()
	return c.reply("groupInfo", "groupInfo", g)
}

// channelPlan is what can be learned of a channel by its short link.
func (l *link) channelPlan() (info, data raw) {
	ch := l.channel
	relays := []string{}
	for _, r := range ch.relays {
		if r.RelayStatus == "active" {
			relays = append(relays, r.RelayLink)
		}
	}
	return object("direct", false, "groupRelays", relays, "publicGroupId", ch.id),
		object("groupProfile", ch.profile, "publicGroupData", object("publicMemberCount", ch.count))
}
