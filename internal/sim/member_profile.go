package sim

// tellMemberProfile tells members of a group of the user's new profile, ahead of
// what is sent to them. Whoever never speaks in a group is known there by the
// profile of old. What is returned notes that they know: the reply does not show
// that yet.
func (d *database) tellMemberProfile(g *group, to []*member) (note func()) {
	at := g.user.UserMemberProfileUpdatedAt
	if at == nil || g.incognito != nil || !g.UserMemberProfileSentAt.before(*at) {
		return func() {}
	}
	p, id := g.sentByUser(), d.net.key(12)
	g.toMembers(to, func(at *group, by *member) { at.chat.db.memberProfileChanged(by, p, id) })
	return func() {
		now := d.net.now()
		g.UserMemberProfileSentAt = &now
		d.net.changed()
	}
}

// memberProfileChanged is when a member has a new profile. That of somebody who
// is a contact, too, was told by the contact itself, unless it can't be.
func (d *database) memberProfileChanged(m *member, p profile, id string) {
	g, was := m.group, m.MemberProfile.profile
	if string(encode(was.asMember())) == string(encode(p)) {
		return
	}
	d.businessProfileChanged(m, p)
	ct := g.user.contacts[m.MemberContactID]
	if ct != nil && ct.connected() && ct.ActiveConn.AuthErrCounter == 0 {
		return
	}
	from := encode(m)
	if p.DisplayName != was.DisplayName {
		delete(g.user.names, m.LocalDisplayName)
		m.LocalDisplayName, m.UpdatedAt = g.user.localName(p.DisplayName), d.net.now()
	}
	var fromContact raw
	if m.MemberProfile.profile = p; ct != nil {
		fromContact = encode(ct)
		p.Preferences, p.ContactLink = ct.Profile.Preferences, ct.Profile.ContactLink
		ct.Profile.profile, ct.LocalDisplayName = p, m.LocalDisplayName
		ct.shareProfile()
		p = p.asMember()
	}
	if !d.v7 {
		id = ""
	}
	ch := m.newsChat()
	it := d.eventItemIn(ch, m, tagged("memberProfileUpdated", "fromProfile", was, "toProfile", p), "updated profile", id)
	d.emitItems(ch, ch.info(), it)
	d.emit(g.user, "groupMemberUpdated", "groupInfo", g, "fromMember", from, "toMember", m)
	if ct != nil {
		d.emit(g.user, "contactUpdated", "fromContact", fromContact, "toContact", ct)
	}
}

// businessProfileChanged gives a business chat the new name of its other side.
func (d *database) businessProfileChanged(m *member, p profile) {
	g := m.group
	b := g.BusinessChat
	if b == nil || m.MemberID != map[string]string{"business": b.BusinessID, "customer": b.CustomerID}[b.ChatType] {
		return
	}
	from, renamed := encode(g), g.GroupProfile
	renamed.DisplayName, renamed.FullName, renamed.ShortDescr, renamed.Image = p.DisplayName, p.FullName, p.ShortDescr, p.Image
	d.setGroupProfile(g, renamed)
	d.emit(g.user, "groupUpdated", "fromGroup", from, "toGroup", g, "member_", m)
}

// asMember is the profile as groups get it: without preferences.
func (p profile) asMember() profile {
	p.Preferences, p.ContactLink = nil, ""
	return p
}

// sentAsMember is the profile that groups get of the user.
func (u *user) sentAsMember(cn *conn) profile {
	if cn != nil && cn.profile != nil {
		return cn.profile.asMember()
	}
	return u.Profile.profile.asMember()
}

// sentByUser is the profile that the group knows the user by.
func (g *group) sentByUser() profile {
	if g.incognito != nil {
		return *g.incognito
	}
	return g.user.sentAsMember(nil)
}
