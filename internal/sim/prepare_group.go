package sim

import "encoding/base64"

// prepareGroupCommands join groups as the apps do: the chat is there before
// anything is sent.
var prepareGroupCommands = table{
	"APIPrepareGroup":         forUser(prepareGroup),
	"APIConnectPreparedGroup": {run: connectPreparedGroup},
}

func prepareGroup(c *call) (raw, error) {
	var data struct {
		GroupProfile groupProfile `json:"groupProfile"`
	}
	if err := c.decode("groupShortLinkData", &data); err != nil {
		return nil, err
	}
	l := c.db.net.links[c.cmd.Text("link")]
	if l == nil || l.kind != 'g' && l.kind != 'c' {
		return nil, errSyntax
	}
	if l.kind == 'c' {
		return c.prepareChannel(l, data.GroupProfile)
	}
	var welcome *msgContent
	if text := data.GroupProfile.Description; text != "" {
		m, err := readContent(textMessage(text).MsgContent)
		if err != nil {
			return nil, err
		}
		welcome = &m
	}
	return c.prepareGroupChat(l, data.GroupProfile, welcome, false)
}

// prepareBusiness makes the group that a business address will be.
func (c *call) prepareBusiness(l *link, data linkData) (raw, error) {
	var welcome *msgContent
	if data.Message != nil {
		m, err := readContent(data.Message)
		if err != nil {
			return nil, err
		}
		welcome = &m
	}
	return c.prepareGroupChat(l, businessProfile(data.Profile, data.Profile.Preferences), welcome, true)
}

// prepareGroupChat makes a group with a host and a membership that nothing is
// known of yet.
func (c *call) prepareGroupChat(l *link, p groupProfile, welcome *msgContent, business bool) (raw, error) {
	d := c.db
	g := d.newGroup(c.user, p)
	key := d.net.rawKey(12)
	unknown := func(what string) string {
		return base64.URLEncoding.EncodeToString([]byte(p.DisplayName + "_" + what))
	}
	host := d.addIntroduced(g, introduced{memberID: unknown("unknown_host_" + key), role: "admin", profile: profile{DisplayName: key[:7]}}, "host", "accepted")
	host.CreatedAt, host.UpdatedAt, host.MemberChatVRange = g.CreatedAt, g.CreatedAt, unknownVersions
	d.membershipOf(g, unknown("user_unknown_id"), "member", "unknown", invitedBy{Type: "unknown"}, g.CreatedAt)
	g.Membership.InvitedByGroupMemberID = host.GroupMemberID
	g.viaLink = l
	g.PreparedGroup = &preparedGroup{ConnLink: connLink{c.cmd.Text("link"), c.cmd.Text("shortLink")}}
	if business {
		g.BusinessChat = &businessChat{ChatType: "business", BusinessID: host.MemberID, CustomerID: g.Membership.MemberID}
	}
	one := int64(1)
	g.shownCount = &one
	if welcome != nil {
		g.PreparedGroup.WelcomeID = d.net.key(12)
	}
	info := g.chat.info()
	d.banner(g.chat)
	for _, it := range d.featureItemsOf(g.chat, host.from()) {
		it.author, it.Meta.ShowGroupAsSender = host, true
	}
	items, stats := []raw{}, noStats
	if welcome != nil {
		it := d.receivedInGroup(g.chat, host, message{sharedID: g.PreparedGroup.WelcomeID, content: *welcome})
		it.Meta.ItemTs, it.Meta.ShowGroupAsSender = it.Meta.CreatedAt, true
		items = append(items, it.asNew().listed())
		stats.UnreadCount, stats.MinUnreadItemID = 1, it.Meta.ItemID
	}
	return c.reply("newPreparedChat", "chat", object("chatInfo", info, "chatItems", items, "chatStats", stats))
}

func connectPreparedGroup(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	m, err := c.initialMessage()
	if err != nil {
		return nil, err
	}
	p := g.PreparedGroup
	if p == nil {
		return nil, commandError("group doesn't have link to connect")
	}
	if p.Started {
		return nil, commandError("already started connecting to group")
	}
	d, l := c.db, g.viaLink
	if g.UseRelays && m == nil {
		return c.subscribe(g)
	}
	if m != nil {
		p.RequestID = d.net.key(12)
		if g.BusinessChat == nil {
			d.emit(c.user, "chatInfoUpdated", "chatInfo", g.chat.info())
			return nil, chatError("connReqMessageProhibited")
		}
	}
	if l.gone {
		return nil, errAuth
	}
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(c.user)
	msg := requestMessage{welcomeID: p.WelcomeID, content: m}
	if m != nil {
		msg.sharedID = p.RequestID
	}
	cn := d.request(c.user, l, c.cmd.On("incognito", false), p.ConnLink, msg)
	if cn.prepared = g; l.kind == 'g' {
		cn.PQSupport, cn.PQEncryption = false, false
	}
	p.Prepared, p.Started = true, true
	g.ViaGroupLinkURI, g.UpdatedAt = l.Full, d.net.now()
	shown := encode(g)
	if m != nil {
		d.sentWithRequest(g.chat, direction{Type: "groupSnd"}, *m, msg.sharedID, tagged("group", "groupInfo", shown))
	}
	return c.reply("startedConnectionToGroup", "groupInfo", shown, "relayResults", []int{})
}

// sentWithRequest stores the message that went with a request; it is told
// without the id that it shares.
func (d *database) sentWithRequest(ch *chat, dir direction, m msgContent, id string, info raw) {
	now := d.net.now()
	it := ch.newMessage(dir, &composed{content: m}, now, false, nil)
	ch.share(it, id)
	it.Meta.ItemSharedMsgID = ""
	d.emitItems(ch, info, it)
	it.Meta.ItemSharedMsgID = id
	ch.touch(now)
}

// knownAtLast fills in what was not known of a prepared group.
func (d *database) knownAtLast(g *group, inv invitation, p profile) *member {
	now := d.net.now()
	g.GroupProfile, g.FullGroupPreferences = inv.profile, inv.profile.GroupPreferences.full()
	host, me := g.host(), g.Membership
	delete(g.user.names, host.LocalDisplayName)
	host.MemberID, host.MemberRole, host.UpdatedAt = inv.fromMemberID, inv.fromRole, now
	host.MemberProfile.profile, host.LocalDisplayName = p, g.user.localName(p.DisplayName)
	me.MemberID, me.MemberRole, me.MemberStatus, me.UpdatedAt = inv.memberID, inv.role, inv.status, now
	return host
}

// groupWelcomeSeen tells that the welcome that came is the one that was shown.
func (d *database) groupWelcomeSeen(g *group) {
	if g.PreparedGroup == nil || g.BusinessChat == nil || g.PreparedGroup.WelcomeID == "" {
		return
	}
	if it := g.chat.shared[g.PreparedGroup.WelcomeID]; it != nil {
		d.emit(g.user, "chatItemNotChanged", "chatItem", entry(g.chat.info(), it))
	}
}
