package sim

// groupLinkCommands are about links that people join a group by.
var groupLinkCommands = table{
	"APICreateGroupLink":     {run: createGroupLink},
	"APIGetGroupLink":        {run: getGroupLink},
	"APIGroupLinkMemberRole": {run: groupLinkRole},
	"APIDeleteGroupLink":     {run: deleteGroupLink},
}

// groupLink is the link of a group.
type groupLink struct {
	UserContactLinkID     int64    `json:"userContactLinkId"`
	ConnLink              connLink `json:"connLinkContact"`
	ShortLinkDataSet      bool     `json:"shortLinkDataSet"`
	ShortLinkLargeDataSet bool     `json:"shortLinkLargeDataSet"`
	GroupLinkID           string   `json:"groupLinkId"`
	AcceptMemberRole      string   `json:"acceptMemberRole"`

	link        *link
	agentConnID string
	connID      int64
}

// linkOf finds the link of the group that a command names.
func (c *call) linkOf() (*group, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	if g.link == nil {
		return nil, storeError("groupLinkNotFound", "groupInfo", g)
	}
	return g, nil
}

func (c *call) linkReply(tag string, g *group) (raw, error) {
	return c.reply(tag, "groupInfo", g, "groupLink", g.link)
}

// initialRole refuses roles that nobody may join with.
func (c *call) initialRole(g *group) (string, error) {
	role := c.cmd.Text("memberRole")
	if roleRank[role] > roleRank["member"] {
		return "", chatError("groupMemberInitialRole", "groupInfo", g, "initialRole", role)
	}
	return role, nil
}

func createGroupLink(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	if err := g.requireRole("admin"); err != nil {
		return nil, err
	}
	role, err := c.initialRole(g)
	if err != nil {
		return nil, err
	}
	if g.link != nil {
		return nil, storeError("duplicateGroupLink", "groupInfo", g)
	}
	d := c.db
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(c.user)
	l := d.net.newLink(d, c.user, 'g')
	l.group = g
	g.link = &groupLink{
		UserContactLinkID: d.next("link"), ConnLink: l.connLink, ShortLinkDataSet: true, ShortLinkLargeDataSet: true,
		GroupLinkID: d.net.key(12), AcceptMemberRole: role, link: l, agentConnID: d.net.agentID(), connID: d.next("conn"),
	}
	return c.linkReply("groupLinkCreated", g)
}

func getGroupLink(c *call) (raw, error) {
	g, err := c.linkOf()
	if err != nil {
		return nil, err
	}
	return c.linkReply("groupLink", g)
}

func groupLinkRole(c *call) (raw, error) {
	g, err := c.linkOf()
	if err != nil {
		return nil, err
	}
	role, err := c.initialRole(g)
	if err != nil {
		return nil, err
	}
	g.link.AcceptMemberRole = role
	return c.linkReply("groupLink", g)
}

func deleteGroupLink(c *call) (raw, error) {
	g, err := c.linkOf()
	if err != nil {
		return nil, err
	}
	d, l := c.db, g.link
	d.net.unlink(l.link)
	g.link = nil
	d.free("link", l.UserContactLinkID)
	d.free("conn", l.connID)
	d.queuesDeleted([]string{l.agentConnID}, true)
	return c.reply("groupLinkDeleted", "groupInfo", g)
}

// groupPlan tells what can be done with the link of a group.
func (c *call) groupPlan(l *link, isShort, own bool) plan {
	wrap := func(p raw, proceed bool, g *group) plan {
		return plan{tagged("groupLink", "groupLinkPlan", p), proceed, nil, g}
	}
	if own {
		return wrap(tagged("ownLink", "groupInfo", l.group), false, l.group)
	}
	for _, g := range c.user.groups {
		if g.viaLink != l || g.Membership.gone() {
			continue
		}
		if g.Membership.current() && g.Membership.MemberStatus != "accepted" || g.PreparedGroup != nil && !g.PreparedGroup.Started {
			return wrap(tagged("known", "groupInfo", g, "groupUpdated", false, "linkOwners", []int{}), false, g)
		}
		return wrap(tagged("connectingProhibit", "groupInfo_", g), false, g)
	}
	if cn := c.connByLink(l); cn != nil && cn.member == nil {
		return wrap(tagged("connectingConfirmReconnect"), true, nil)
	}
	var info, data any
	if isShort {
		info = object("direct", true, "groupRelays", []int{})
		data = object("groupProfile", l.group.GroupProfile)
	}
	return wrap(tagged("ok", "groupSLinkInfo_", info, "groupSLinkData_", data), true, nil)
}

// sentAsMember is the profile that groups get: without preferences.
func (u *user) sentAsMember(cn *conn) profile {
	p := u.Profile.profile
	if cn != nil && cn.profile != nil {
		p = *cn.profile
	}
	p.Preferences, p.ContactLink = nil, ""
	return p
}

// sentByUser is the profile that the group knows the user by.
func (g *group) sentByUser() profile {
	if g.incognito != nil {
		return *g.incognito
	}
	return g.user.sentAsMember(nil)
}

// joinRequested is when somebody asks to join by the link: they are let in.
func (d *database) joinRequested(l *link, from *conn, p profile, msg requestMessage) {
	g := l.group
	if g.link == nil || !g.Membership.current() {
		return
	}
	shown := encode(g)
	status := g.firstStatus()
	m := d.newMember(g, d.net.key(12), g.link.AcceptMemberRole, "invitee", status, d.net.now())
	m.seenWelcome = msg.welcomeID != ""
	m.InvitedBy, m.InvitedByGroupMemberID = invitedBy{Type: "user"}, g.Membership.GroupMemberID
	m.LocalDisplayName = g.user.localName(p.DisplayName)
	m.MemberContactProfileID = d.next("profile")
	m.MemberProfile = localProfile{ProfileID: m.MemberContactProfileID, profile: p}
	g.members[m.GroupMemberID] = m
	cn := d.memberConn(m, "new", d.net.now())
	cn.ViaUserContactLink, cn.ViaGroupLink = g.link.UserContactLinkID, true
	cn.peer, from.peer = from, cn
	ch := m.newsChat()
	it := d.groupItem(ch, m.from(), content{Type: "rcvGroupEvent", RcvGroupEvent: tagged("invitedViaGroupLink")}, "invited via your group link")
	it.author = m
	if m.pending() {
		it.ChatDir = m.from()
		d.emitItems(ch, ch.infoWith(shown), it)
	} else {
		shown = encode(g)
		d.emitItems(ch, ch.info(), it)
	}
	d.emit(g.user, "acceptingGroupJoinRequestMember", "groupInfo", shown, "member", m)
	d.confirmMember(l, from, m, status)
}

// confirmMember tells the one who asked of the group; status is the one that
// the member begins with.
func (d *database) confirmMember(l *link, from *conn, m *member, status string) {
	g := m.group
	inv := invitation{
		fromMemberID: g.Membership.MemberID, memberID: m.MemberID, fromRole: g.Membership.MemberRole, role: m.MemberRole,
		profile: g.GroupProfile, status: status,
	}
	if b := g.BusinessChat; b != nil { // the customer sees the business
		inv.profile.DisplayName, inv.profile.FullName = g.user.Profile.DisplayName, g.user.Profile.FullName
		inv.profile.ShortDescr, inv.profile.Image = g.user.Profile.ShortDescr, g.user.Profile.Image
		inv.business = &businessChat{ChatType: "business", BusinessID: b.BusinessID, CustomerID: b.CustomerID}
	}
	host := g.sentByUser()
	host.PeerType = "" // is told later
	d.net.later(from.db, func() {
		if !from.deleted {
			from.db.letIn(l, from, inv, host)
		}
	})
}

// letIn is when the one who asked learns that they may join.
func (d *database) letIn(l *link, cn *conn, inv invitation, hostProfile profile) {
	u := cn.user
	cn.status("requested")
	cn.ConnChatVersion, cn.PeerChatVRange, cn.ViaGroupLink = chatVersion, ourVersions, l.kind == 'g'
	g := cn.prepared
	var host *member
	if g == nil {
		g = d.newGroup(u, inv.profile)
		host = d.addIntroduced(g, introduced{memberID: inv.fromMemberID, role: inv.fromRole, profile: hostProfile}, "host", "accepted")
		host.CreatedAt, host.UpdatedAt = g.CreatedAt, g.CreatedAt
		d.membershipOf(g, inv.memberID, inv.role, inv.status, invitedBy{Type: "unknown"}, g.CreatedAt)
	} else {
		host = d.knownAtLast(g, inv, hostProfile)
	}
	g.BusinessChat = inv.business
	cn.ConnType, cn.member, cn.EntityID = "member", host, host.GroupMemberID
	host.ActiveConn, host.MemberChatVRange = cn, unknownVersions
	if cn.profile != nil {
		g.incognito = cn.profile
		g.Membership.LocalDisplayName = cn.profile.DisplayName
		g.Membership.MemberProfile = localProfile{ProfileID: cn.CustomUserProfileID, profile: *cn.profile}
	}
	g.Membership.InvitedByGroupMemberID = host.GroupMemberID
	g.viaLink = l
	g.ViaGroupLinkURI = l.Full
	count := int64(2)
	if g.Membership.pending() {
		count = 1
	}
	g.shownCount = &count
	d.emit(u, "groupLinkConnecting", "groupInfo", g, "hostMember", host)
	if g.shownCount = nil; g.BusinessChat != nil {
		host.MemberChatVRange = ourVersions
	}
	cn.status("accepted")
	d.groupWelcomeSeen(g)
	cn.confirm(cn.withWelcome)
	peer := cn.peer
	d.net.post(peer.db, func() {
		if peer.deleted || cn.deleted {
			return
		}
		full := peer.member.group.sentByUser()
		d.net.post(cn.db, func() {
			cn.db.joined(g)
			host.MemberChatVRange = ourVersions
			if g.BusinessChat != nil {
				d.emit(u, "groupUpdated", "fromGroup", g, "toGroup", g, "member_", host)
			}
			cn.db.memberProfileReceived(host, full)
			host.UpdatedAt = cn.db.net.now()
		})
		peer.db.memberJoined(peer.member)
	})
}

// memberProfileReceived tells of a host's profile; only the news shows all of it.
func (d *database) memberProfileReceived(m *member, p profile) {
	from := encode(m)
	if string(encode(m.MemberProfile.profile)) == string(encode(p)) {
		return
	}
	to := *m
	to.MemberProfile.profile = p
	d.emit(m.group.user, "groupMemberUpdated", "groupInfo", m.group, "fromMember", from, "toMember", &to)
}
