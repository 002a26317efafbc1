package sim

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
)

// profileCommands change what a user tells others.
var profileCommands = table{
	"APIUpdateProfile":     forUser(updateProfile).reading(func(c *call) error { _, err := c.readProfile(); return err }),
	"APISetProfileAddress": forUser(setProfileAddress),
}

// valid tells whether the JSON of a profile has what the core requires.
func (p *profile) valid(body []byte, field string) bool {
	var has map[string]json.RawMessage
	_ = json.Unmarshal(body, &has)
	if field != "" {
		body = has[field]
		has = nil
		_ = json.Unmarshal(body, &has)
	}
	_, name := has["displayName"]
	_, full := has["fullName"]
	return name && full && p.Preferences.valid()
}

// validName makes a name that the core takes of one that it does not.
func (d *database) validName(name string) string {
	forbidden := ""
	if d.v7 {
		forbidden = ".,;/\\#@'\"`~"
	}
	var b strings.Builder
	space := true
	for _, r := range name {
		switch {
		case unicode.IsSpace(r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case b.Len() == 0 && (strings.ContainsRune(`#@'"`, r) || d.v7 && unicode.IsPunct(r)), unicode.IsControl(r), strings.ContainsRune(forbidden, r):
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return strings.TrimRight(b.String(), " ")
}

func (d *database) checkName(name string) error {
	if v := d.validName(name); name == "" || v != name {
		return chatError("invalidDisplayName", "displayName", name, "validName", v)
	}
	return nil
}

// checkNewName checks the name of a group or of a new user: version 6.5 takes
// all but the empty one. A name that is stored stays good.
func (d *database) checkNewName(name, stored string) error {
	if name == "" || d.v7 && name != stored {
		return d.checkName(name)
	}
	return nil
}

func updateProfile(c *call) (raw, error) {
	p, err := c.readProfile()
	if err != nil {
		return nil, err
	}
	return c.setProfile(p)
}

// readProfile reads the profile in a command.
func (c *call) readProfile() (p profile, err error) {
	if err := c.decode("profile", &p); err != nil {
		return p, err
	}
	if !p.valid(c.cmd.JSON("profile"), "") {
		return p, errSyntax
	}
	return p, nil
}

func setProfileAddress(c *call) (raw, error) {
	p := c.user.Profile.profile
	if !c.cmd.On("enable", false) {
		p.ContactLink = ""
		return c.setProfile(p)
	}
	if c.user.address == nil {
		return nil, storeError("userContactLinkNotFound")
	}
	p.ContactLink = c.user.address.ConnLink.Short
	return c.setProfile(p)
}

// setProfile stores a profile and tells all contacts.
func (c *call) setProfile(p profile) (raw, error) {
	u, d := c.user, c.db
	from := u.Profile.profile
	fromJSON, toJSON := encode(from), encode(p)
	if bytes.Equal(fromJSON, toJSON) {
		return c.reply("userProfileNoChange")
	}
	if p.DisplayName != from.DisplayName {
		if err := d.checkName(p.DisplayName); err != nil {
			return nil, err
		}
		if d.nameTaken(u, p.DisplayName) {
			return nil, storeError("duplicateName")
		}
		delete(u.names, from.DisplayName)
		u.names[p.DisplayName] = 1
		u.LocalDisplayName = p.DisplayName
	}
	told := map[*contact]raw{} // who hears of changes, and what they know
	for _, ct := range u.contacts {
		if ct.sendable() == nil && ct.ActiveConn.profile == nil {
			told[ct] = encode(u.sentTo(ct.ActiveConn))
		}
	}
	old := u.FullPreferences
	u.Profile.profile = p
	u.FullPreferences = p.Preferences.full(defaultPrefs())
	if from.DisplayName != p.DisplayName || from.FullName != p.FullName || from.ShortDescr != p.ShortDescr || from.Image != p.Image {
		now := d.net.now()
		u.UserMemberProfileUpdatedAt = &now
		if from.DisplayName != p.DisplayName {
			for _, g := range u.groups {
				g.Membership.UpdatedAt = now
			}
		}
	}
	u.changed()
	if u.address != nil { // its link tells the profile too
		if err := d.needServer(); err != nil {
			for _, ct := range u.contacts {
				ct.refresh()
			}
			return nil, err
		}
	}
	successes, updated := 0, []raw{}
	for _, ct := range contactsByID(u.contacts) {
		before := ct.MergedPreferences
		fromContact := encode(ct)
		ct.refresh()
		if told[ct] == nil || bytes.Equal(told[ct], encode(u.sentTo(ct.ActiveConn))) {
			continue
		}
		if fs := changedFeatures(before, ct.MergedPreferences); len(fs) > 0 {
			updated = append(updated, object("conn", ct.ActiveConn, "fromContact", fromContact, "toContact", encode(ct)))
			d.featureItems(ct, "directSnd", fs, old, u.FullPreferences, true)
		}
		successes++
		d.tellProfile(ct)
	}
	if successes > 0 && len(updated) == 0 {
		d.emit(u, "newChatItems", "chatItems", []raw{})
	}
	changed := []raw{}
	for _, x := range updated {
		var v struct{ ToContact json.RawMessage }
		_ = json.Unmarshal(x, &v)
		changed = append(changed, raw(v.ToContact))
	}
	return result("userProfileUpdated", "user", u.asLoaded(), "fromProfile", fromJSON, "toProfile", toJSON,
		"updateSummary", object("updateSuccesses", successes, "updateFailures", 0, "changedContacts", changed)), nil
}

// nameTaken tells whether a chat of the user, or another user, has that name.
func (d *database) nameTaken(u *user, name string) bool {
	if u.names[name] != 0 {
		return true
	}
	for _, x := range d.users {
		if x != u && x.LocalDisplayName == name {
			return true
		}
	}
	return false
}

// sent is the profile as contacts get it: with all preferences.
func (u *user) sent() profile {
	p := u.Profile.profile
	p.Preferences = u.FullPreferences
	return p
}

// sentTo is the profile for a connection: a random one where it is incognito,
// and with the preferences for that contact.
func (u *user) sentTo(cn *conn) profile {
	if cn != nil && cn.profile != nil {
		p := *cn.profile
		p.Preferences = defaultPrefs()
		return p
	}
	p := u.sent()
	if cn != nil && cn.contact != nil {
		p.Preferences = cn.contact.UserPreferences.full(p.Preferences)
	}
	return p
}

// randomName makes a name for people who do not want to give theirs.
func (n *Network) randomName() string {
	return adjectives[n.rand.IntN(len(adjectives))] + nouns[n.rand.IntN(len(nouns))]
}

var (
	adjectives = strings.Fields("Able Brave Calm Daring Eager Famous Gentle Happy Ideal Jolly Kind Lively Merry Noble Open Proud Quiet Rapid Sunny Tidy Unique Vivid Warm Young Zesty")
	nouns      = strings.Fields("Anchor Beacon Cedar Dolphin Ember Falcon Garden Harbor Island Juniper Kettle Lantern Meadow Nebula Otter Pebble Quartz River Summit Thistle Umbrella Valley Willow Yarrow Zephyr")
)
