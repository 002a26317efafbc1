package sim

import (
	"strconv"
	"strings"
)

// Whether a member of a group and a contact are the same person, the core finds
// out by asking both: the one who joined, or who asked to connect, sends a secret
// to one of them and its hash to the other, if the two look alike. Who got both
// is the person, and says so.

func setContactMerge(c *call) (raw, error) {
	c.db.keepsApart = !c.cmd.On("onOff", false)
	return result("cmdOk"), nil
}

// looksLike tells whether two profiles can be of one person.
func (p profile) looksLike(other profile) bool {
	return p.DisplayName == other.DisplayName && p.FullName == other.FullName && p.Image == other.Image
}

// probeContacts asks the contacts who look like a member whether they are it.
func (d *database) probeContacts(m *member) {
	g := m.group
	if d.keepsApart || g.incognito != nil || m.MemberContactID != 0 || m.ActiveConn == nil {
		return
	}
	for _, ct := range contactsByID(g.user.contacts) {
		if ct.ContactStatus == "active" && ct.sendable() == nil && ct.Profile.looksLike(m.MemberProfile.profile) {
			d.probe(ct, m, ct.ActiveConn)
		}
	}
}

// probeMembers asks the members who look like a contact whether they are it.
func (d *database) probeMembers(ct *contact) {
	if d.keepsApart || ct.incognito() {
		return
	}
	for _, g := range groupsByID(ct.user.groups) {
		for _, m := range membersByID(g.members) {
			if m.MemberContactID == 0 && m.current() && m.ActiveConn != nil && ct.Profile.looksLike(m.MemberProfile.profile) {
				d.probe(ct, m, m.ActiveConn)
			}
		}
	}
}

// probe asks, over the connection of one of the two, whether both are the same
// person. Whoever is not does not answer.
func (d *database) probe(ct *contact, m *member, over *conn) {
	over.send(func(peer *conn) {
		theirs, them := ct.ActiveConn.otherEnd(), m.ActiveConn.otherEnd()
		if theirs == nil || them == nil || theirs.user != them.user || theirs.contact == nil || them.member == nil {
			return
		}
		c, x := theirs.contact, them.member
		switch {
		case peer.db.keepsApart || c.incognito() || x.MemberContactID != 0 || !c.Profile.looksLike(x.MemberProfile.profile):
			return
		case peer == them && !x.current():
			return
		}
		peer.send(func(*conn) {
			if m.MemberContactID == 0 && m.group.members[m.GroupMemberID] == m && ct.user.contacts[ct.ContactID] == ct {
				d.associate(ct, m)
			}
		})
		peer.db.associate(c, x)
	})
}

// otherEnd is where the connection leads, nil where there is nobody.
func (c *conn) otherEnd() *conn {
	if c == nil || c.peer == nil || c.peer.deleted {
		return nil
	}
	return c.peer
}

// incognito tells whether the contact knows the user by a random name.
func (ct *contact) incognito() bool { return ct.ActiveConn != nil && ct.ActiveConn.profile != nil }

// associate makes a contact and a member one: the name that was there first, and
// its profile, is that of both.
func (d *database) associate(ct *contact, m *member) {
	ofContact, ok := nameNumber(ct.LocalDisplayName, ct.Profile.DisplayName)
	ofMember, known := nameNumber(m.LocalDisplayName, ct.Profile.DisplayName)
	if !ok || !known || ofContact == ofMember {
		return
	}
	before, was, now := encode(ct), encode(m), d.net.now()
	names := ct.user.names
	if ofContact < ofMember {
		delete(names, m.LocalDisplayName)
		d.free("profile", m.MemberContactProfileID)
		m.ofContact(ct)
	} else {
		delete(names, ct.LocalDisplayName)
		d.free("profile", ct.Profile.ProfileID)
		ct.LocalDisplayName, ct.Profile, ct.UpdatedAt = m.LocalDisplayName, m.MemberProfile, now
		m.MemberContactID = ct.ContactID
		ct.shareProfile()
		ct.refresh()
	}
	m.UpdatedAt = now
	d.emit(ct.user, "contactAndMemberAssociated", "contact", before, "groupInfo", m.group, "member", was, "updatedContact", ct)
}

// nameNumber is the number that a name got where others had it already: 0 of
// alice, 2 of alice_2.
func nameNumber(local, name string) (int, bool) {
	if local == name {
		return 0, true
	}
	rest, ok := strings.CutPrefix(local, name+"_")
	n, err := strconv.Atoi(rest)
	return n, ok && err == nil
}
