package sim

// tellProfile sends the contact what the user's profile and preferences are now.
func (d *database) tellProfile(ct *contact) {
	p := ct.user.sentTo(ct.ActiveConn)
	ct.ActiveConn.send(func(peer *conn) {
		if peer.contact != nil {
			peer.db.profileReceived(peer.contact, p)
		}
	})
}

// profileReceived takes in a contact's new profile.
func (d *database) profileReceived(ct *contact, p profile) {
	before, old := ct.MergedPreferences, ct.Profile.Preferences.full(defaultPrefs())
	from, was := encode(ct), ct.Profile.profile
	if string(encode(was)) == string(encode(p)) {
		return
	}
	now := d.net.now()
	ct.Profile.profile = p
	if p.DisplayName != was.DisplayName {
		delete(ct.user.names, ct.LocalDisplayName)
		ct.LocalDisplayName = ct.user.localName(p.DisplayName)
	}
	followed := ct.followTTL(old)
	ct.refresh()
	ct.shareProfile()
	to := encode(ct)
	if was.DisplayName != p.DisplayName || was.FullName != p.FullName || was.ShortDescr != p.ShortDescr ||
		was.Image != p.Image || was.ContactLink != p.ContactLink {
		it := d.internalItem(ct.chat, "directRcv", content{
			Type: "rcvDirectEvent", Detail: tagged("profileUpdated", "fromProfile", was, "toProfile", p),
		}, "updated profile")
		d.emitItems(ct.chat, directInfo(to), it)
	}
	fs := changedFeatures(before, ct.MergedPreferences)
	d.featureItems(ct, "directRcv", fs, old, p.Preferences.full(defaultPrefs()), false)
	if len(fs) == 0 {
		d.emit(ct.user, "newChatItems", "chatItems", []raw{})
	}
	d.emit(ct.user, "contactUpdated", "fromContact", from, "toContact", to)
	renamed := p.DisplayName != was.DisplayName
	if renamed {
		ct.forgetRequest() // it goes with the old name
		for _, m := range ct.memberships() {
			m.UpdatedAt = now
		}
	}
	if followed || renamed {
		ct.UpdatedAt = now
	}
}

// forgetRequest drops the request that a contact came of.
func (ct *contact) forgetRequest() {
	if r := ct.user.requests[ct.ContactRequestID]; r != nil {
		ct.chat.db.freeRequest(r)
	}
	ct.ContactRequestID = 0
}

// shareProfile shows the contact's profile where the contact is a member too.
func (ct *contact) shareProfile() {
	for _, m := range ct.memberships() {
		m.MemberProfile, m.LocalDisplayName = ct.Profile, ct.LocalDisplayName
	}
}

// memberships are the members of groups that the contact is.
func (ct *contact) memberships() []*member {
	var ms []*member
	for _, g := range ct.user.groups {
		for _, m := range g.members {
			if m.MemberContactID == ct.ContactID {
				ms = append(ms, m)
			}
		}
	}
	return ms
}

// followTTL takes over the time after which messages disappear, where the
// contact changed it and the user allows it.
func (ct *contact) followTTL(was *prefs) bool {
	theirs := ct.Profile.Preferences.full(defaultPrefs()).TimedMessages
	ours := ct.UserPreferences.full(ct.user.FullPreferences).TimedMessages
	if equalTTL(was.TimedMessages.TTL, theirs.TTL) || theirs.Allow == "no" || ours.Allow == "no" {
		return false
	}
	ct.UserPreferences.TimedMessages = &pref{Allow: ours.Allow, TTL: theirs.TTL}
	return true
}
