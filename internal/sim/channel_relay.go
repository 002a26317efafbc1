package sim

// askedToRelay is when an owner asks a relay to take a channel; it accepts.
func (d *database) askedToRelay(u *user, owners *group, asked *member, r *groupRelay) {
	ch, owner := owners.channel, owners.Membership
	g := d.newGroup(u, owners.GroupProfile)
	g.UseRelays, g.RelayOwnStatus, g.channel = true, "accepted", ch
	host := d.addIntroduced(g, ch.owner, "host", "connected")
	d.membershipOf(g, asked.MemberID, "relay", "connected", invitedBy{Type: "unknown"}, g.CreatedAt)
	me := g.Membership
	me.InvitedByGroupMemberID, me.MemberPubKey = host.GroupMemberID, d.net.key(44)
	host.MemberPubKey, host.CreatedAt = owner.MemberPubKey, g.CreatedAt
	now := d.net.now()
	host.UpdatedAt, me.UpdatedAt = now, now
	g.GroupKeys = ch.memberKeys(d.net)
	cn := d.memberConn(host, "ready", d.net.now())
	cn.ViaUserContactLink = u.address.UserContactLinkID
	cn.peer, asked.ActiveConn.peer = asked.ActiveConn, cn
	g.UpdatedAt = d.net.now()
	l := d.net.newLink(d, u, 'g')
	l.group = g
	g.link = &groupLink{UserContactLinkID: d.next("link"), ConnLink: l.connLink, GroupLinkID: d.net.key(12), AcceptMemberRole: "observer",
		link: l, agentConnID: d.net.agentID(), connID: d.next("conn")}
	r.link, r.member = l, me.asIntroduced()
	od := owners.chat.db
	d.net.post(od, func() {
		asked.MemberStatus, asked.MemberPubKey, asked.RelayLink, asked.UpdatedAt = "accepted", me.MemberPubKey, l.Short, od.net.now()
		asked.ActiveConn.status("requested")
		r.RelayStatus, r.RelayLink = "accepted", l.Short
		od.emit(owners.user, "groupRelayUpdated", "groupInfo", owners, "member", asked, "groupRelay", r)
		od.net.post(d, func() {
			d.emit(u, "userJoinedGroup", "groupInfo", g, "hostMember", host)
			d.emitItems(g.chat, g.chat.info(), d.connectedItem(g.chat, host))
			host.UpdatedAt = d.net.now()
			me.UpdatedAt = d.net.now()
		})
		od.net.post(od, func() {
			asked.ActiveConn.ready()
			asked.MemberStatus, asked.UpdatedAt = "connected", od.net.now()
			od.acknowledge(owners, g, asked, r)
			r.RelayStatus = "active"
			od.publish(owners, true)
		})
	})
}

// firstRelay is the relay that what comes by several is taken from; nil without one.
func (g *group) firstRelay() (first *member) {
	for _, m := range g.members {
		if m.MemberRole == "relay" && !m.gone() && (first == nil || m.GroupMemberID < first.GroupMemberID) {
			first = m
		}
	}
	return first
}

// memberKeys are the keys of one who did not make the channel.
func (ch *channel) memberKeys(n *Network) raw {
	return object("publicGroupId", ch.id, "groupRootKey", tagged("public", "rootPubKey", ch.rootKey), "memberPrivKey", n.key(64))
}

// announce tells the owners of a new subscriber, and the subscriber of them.
func (d *database) announce(m *member) {
	fresh := m.asIntroduced()
	for _, x := range m.group.active() {
		if x == m || roleRank[x.MemberRole] < roleRank["moderator"] {
			continue
		}
		owner := x.asIntroduced()
		x.post(func(to *group, by *member) { to.chat.db.subscribed(to, by, fresh) })
		m.post(func(to *group, _ *member) { to.chat.db.ownerKnown(to, owner) })
	}
}

// subscribed is when a relay tells an owner of a new subscriber.
func (d *database) subscribed(g *group, relay *member, n introduced) {
	if g.byMemberID(n.memberID) != nil { // another relay told it
		return
	}
	m := d.addIntroduced(g, n, "post", "announced")
	m.InvitedByGroupMemberID = relay.GroupMemberID
	relay.MemberChatVRange = d.versions()
	d.countPublic(g, +1)
	d.emit(g.user, "joinedGroupMemberConnecting", "groupInfo", g, "hostMember", relay, "member", m)
	d.publish(g, false)
}

// countPublic counts a subscriber who came or went.
func (d *database) countPublic(g *group, by int64) {
	g.setPublicCount(*g.GroupSummary.PublicMemberCount + by)
	g.UpdatedAt = d.net.now()
}

// ownerKnown is when a relay tells a subscriber who an owner is.
func (d *database) ownerKnown(g *group, n introduced) {
	m := g.byMemberID(n.memberID)
	if m == nil || m.MemberStatus != "unknown" {
		return
	}
	from, shown := encode(m), encode(g)
	delete(g.user.names, m.LocalDisplayName)
	if g.startRoster(); g.RosterVersion != nil {
		g.UpdatedAt = d.net.now()
	}
	m.MemberStatus, m.MemberProfile.profile, m.LocalDisplayName = "introduced", n.profile, g.user.localName(n.profile.DisplayName)
	m.UpdatedAt = d.net.now()
	d.emit(g.user, "groupMemberUpdated", "groupInfo", shown, "fromMember", from, "toMember", m)
}

// forward passes on to all others what a member sent to the relay. The message
// is for strangers too, other news only for those who know the member.
func (g *group) forward(from *member, message bool, steady bool, hand func(to *group, by *member)) {
	sender := from.asIntroduced()
	for _, x := range g.active() {
		if x == from {
			continue
		}
		x.ActiveConn.sendOr(func(peer *conn) {
			if peer.member == nil || peer.member.gone() {
				return
			}
			to := peer.member.group
			if to.channel != nil && len(to.channel.relays) > 1 && to.firstRelay() != peer.member { // it comes by another one, too
				return
			}
			by := to.byMemberID(sender.memberID)
			if by == nil && message {
				by = to.chat.db.stranger(to, peer.member, sender)
			}
			if by == nil {
				return
			}
			to.via = peer.member
			if message && by.MemberStatus == "unknown" && to.RosterVersion != nil {
				defer to.chat.db.announceStranger(to, peer.member, by, sender)()
			}
			hand(to, by)
			to.via = nil
		}, nil, steady)
	}
}

// stranger adds a member who is only known by what a relay, or a host, passed on.
func (d *database) stranger(g *group, relay *member, n introduced) *member {
	d.net.changed()
	n.role, n.pubKey = "author", ""
	if g.UseRelays {
		n.role = "observer"
	} else {
		n.profile = profile{DisplayName: n.profile.DisplayName}
	}
	m := d.addIntroduced(g, n, "pre", "unknown")
	d.emit(g.user, "unknownMemberCreated", "groupInfo", g, "forwardedByMember", relay, "member", m)
	return m
}
