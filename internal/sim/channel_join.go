package sim

// prepareChannel makes the chat of a channel before the user subscribes.
func (c *call) prepareChannel(l *link, p groupProfile) (raw, error) {
	d := c.db
	g := d.newGroup(c.user, p)
	d.membershipOf(g, d.net.key(12), "observer", "unknown", invitedBy{Type: "unknown"}, g.CreatedAt)
	g.UseRelays, g.channel, g.viaLink = true, l.channel, l
	g.setPublicCount(l.channel.count)
	g.PreparedGroup = &preparedGroup{ConnLink: connLink{c.cmd.Text("link"), c.cmd.Text("shortLink")}}
	none := int64(0)
	g.shownCount = &none
	info := g.chat.info()
	d.banner(g.chat)
	for _, it := range d.featureItemsOf(g.chat, direction{Type: "channelRcv"}) {
		it.Meta.ShowGroupAsSender = true
	}
	return c.reply("newPreparedChat", "chat", object("chatInfo", info, "chatItems", []raw{}, "chatStats", noStats))
}

// subscribe connects to the relays of a prepared channel.
func (c *call) subscribe(g *group) (raw, error) {
	d, ch, me := c.db, g.channel, g.Membership
	if ch.link.gone {
		return nil, errAuth
	}
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(c.user)
	g.GroupKeys = ch.memberKeys(d.net)
	me.MemberPubKey, me.UpdatedAt = d.net.key(44), d.net.now()
	owner := ch.owner
	owner.profile = profile{DisplayName: owner.memberID[:7]}
	d.addIntroduced(g, owner, "pre", "unknown")
	results := []raw{}
	for _, r := range ch.relays {
		if r.RelayStatus != "active" {
			continue
		}
		m := d.addIntroduced(g, r.member, "host", "accepted")
		m.RelayLink, m.MemberChatVRange = r.RelayLink, unknownVersions
		m.UpdatedAt = d.net.now()
		cn := d.request(c.user, r.link, c.cmd.On("incognito", false), r.link.connLink, requestMessage{memberID: me.MemberID, pubKey: me.MemberPubKey})
		cn.prepared, cn.ViaGroupLink, cn.ConnType, cn.EntityID = g, true, "member", m.GroupMemberID
		cn.PQSupport, cn.PQEncryption = false, false
		cn.member, m.ActiveConn = m, cn
		results = append(results, object("relayMember", encode(m)))
	}
	p := g.PreparedGroup
	p.Prepared, p.Started = true, true
	g.ViaGroupLinkURI, g.UpdatedAt = ch.link.Full, d.net.now()
	one := int64(1)
	g.shownCount = &one
	return c.reply("startedConnectionToGroup", "groupInfo", g, "relayResults", results)
}
