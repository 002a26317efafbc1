package sim

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
	if err := c.db.checkNewName(p.DisplayName, g.GroupProfile.DisplayName); err != nil {
		return nil, err
	}
	d := c.db
	from := encode(g)
	before, was, now := g.FullGroupPreferences, g.GroupProfile, d.net.now()
	d.setGroupProfile(g, p)
	if g.ownsChannel() {
		g.channel.profile = p
	}
	to := encode(g)
	info := g.chat.info()
	id := d.net.key(12)
	items := len(g.chat.items)
	if !was.looksLike(p) {
		it := d.groupItem(g.chat, direction{Type: "groupSnd"}, content{Type: "sndGroupEvent", Detail: tagged("groupUpdated", "groupProfile", p)}, "group profile updated")
		it.Meta.ItemSharedMsgID = id
		d.emitItems(g.chat, info, it)
	}
	d.changedGroupFeatures(g.chat, before, direction{Type: "groupSnd"}, info)
	if len(g.chat.items) > items {
		g.touchFeature()
	}
	if p.DisplayName != was.DisplayName {
		g.UpdatedAt = now
	}
	members := g.activeOrPending()
	defer d.tellMemberProfile(g, members)()
	g.toMembers(members, func(to *group, by *member) {
		if g.BusinessChat != nil {
			to.chat.db.groupPrefsReceived(to, by, p.GroupPreferences)
			return
		}
		to.chat.db.groupProfileReceived(to, by, p, id)
	})
	return c.reply("groupUpdated", "fromGroup", from, "toGroup", to, "msgSigned", g.UseRelays)
}

// looksLike tells whether two profiles differ in what is allowed at most.
func (p groupProfile) looksLike(other groupProfile) bool {
	p.GroupPreferences, other.GroupPreferences = nil, nil
	return string(encode(p)) == string(encode(other))
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
func (d *database) changedGroupFeatures(ch *chat, before groupPrefs, dir direction, info raw) {
	g := ch.group
	for _, f := range groupFeatures {
		was, now := (*before.get(f.name)).state(), (*g.FullGroupPreferences.get(f.name)).state()
		if f.text == "" || string(encode(was)) == string(encode(now)) {
			continue
		}
		d.emitItems(ch, info, d.groupFeatureItem(ch, dir, f))
	}
}

func (d *database) groupProfileReceived(g *group, by *member, p groupProfile, id string) {
	if string(encode(p)) == string(encode(g.GroupProfile)) {
		return
	}
	from := encode(g)
	before, was, now := g.FullGroupPreferences, g.GroupProfile, d.net.now()
	d.setGroupProfile(g, p)
	to := encode(g)
	ch := by.newsChat()
	info := ch.info()
	d.emit(g.user, "groupUpdated", "fromGroup", from, "toGroup", to, "member_", by, "msgSigned", g.signed())
	if !was.looksLike(p) {
		d.emitItems(ch, info, d.eventItemIn(ch, by, tagged("groupUpdated", "groupProfile", p), "group profile updated", id))
	}
	d.changedGroupFeatures(ch, before, by.from(), info)
	if p.DisplayName != was.DisplayName {
		g.UpdatedAt = now
	}
}

// groupPrefsReceived is what of a new profile comes to the members of a business
// chat: everybody goes on to see the profile of the other side.
func (d *database) groupPrefsReceived(g *group, by *member, prefs *groupPrefs) {
	if prefs == nil {
		prefs = businessProfile(profile{}, nil).GroupPreferences
	}
	p := g.GroupProfile
	if string(encode(p.GroupPreferences)) == string(encode(prefs)) {
		return
	}
	from, before := encode(g), g.FullGroupPreferences
	p.GroupPreferences = prefs
	d.setGroupProfile(g, p)
	d.emit(g.user, "groupUpdated", "fromGroup", from, "toGroup", g, "member_", by)
	d.changedGroupFeatures(g.chat, before, by.from(), g.chat.info())
}
