package sim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// contactCommands are about contacts as a whole.
var contactCommands = table{
	"APIListContacts":         forUser(listContacts),
	"APISetContactPrefs":      {run: setContactPrefs, reads: func(c *call) error { _, err := c.readPrefs(); return err }},
	"APISetContactCustomData": {run: setContactData},
	"APISetContactAlias":      {run: setContactAlias},
	"APISetConnectionAlias":   {run: setConnAlias},
	"APIDeleteChat":           {run: deleteChat},
}

// newContact adds a contact that is not connected.
func (d *database) newContact(u *user, p profile) *contact {
	now := d.net.now()
	id := d.next("contact")
	ct := &contact{
		ContactID: id, LocalDisplayName: u.localName(p.DisplayName), Profile: localProfile{ProfileID: d.next("profile"), profile: p},
		ContactUsed: true, ContactStatus: "active", ChatSettings: chatSettings{EnableNtfs: "all"},
		CreatedAt: now, UpdatedAt: now, ChatTs: &now, ChatTags: []int64{}, user: u,
	}
	ct.chat = newChat(d, u)
	ct.chat.contact = ct
	ct.refresh()
	u.contacts[id] = ct
	return ct
}

// localName makes a name that no other chat of the user has: bot, bot_1, bot_2.
// The number is one more than the highest in use: what is free below stays so.
func (u *user) localName(name string) string {
	n := max(1, u.highest[name]+1)
	for n > 0 && u.names[numbered(name, n-1)] != n {
		n--
	}
	for u.names[numbered(name, n)] != 0 {
		n++
	}
	if n > 0 {
		if u.highest == nil {
			u.highest = map[string]int{}
		}
		u.highest[name] = n
	}
	local := numbered(name, n)
	u.names[local] = n + 1
	return local
}

func numbered(name string, n int) string {
	if n == 0 {
		return name
	}
	return fmt.Sprintf("%s_%d", name, n)
}

// refresh computes the merged preferences anew.
func (ct *contact) refresh() {
	full := ct.user.FullPreferences
	ct.setMerged(merge(full, ct.UserPreferences, ct.Profile.Preferences, ct.incognito()))
}

// setMerged keeps merged preferences, of which all that are equal are one.
func (ct *contact) setMerged(m mergedPrefs) { ct.MergedPreferences = ct.chat.db.net.known.prefs(m) }

// ready tells whether messages can be sent to the contact.
func (ct *contact) ready() bool {
	return ct.ActiveConn != nil && (ct.ActiveConn.ConnStatus.Type == "ready" || ct.ActiveConn.ConnStatus.Type == "sndReady")
}

// sendable is the error of a contact that nothing can be sent to.
func (ct *contact) sendable() error {
	switch {
	case !ct.ready():
		return chatError("contactNotReady", "contact", ct)
	case ct.ContactStatus != "active":
		return chatError("contactNotActive", "contact", ct)
	case ct.ActiveConn.AuthErrCounter >= refusalsUntilDisabled:
		return chatError("contactDisabled", "contact", ct)
	}
	return nil
}

// refusalsUntilDisabled is how many messages in a row the server refuses until
// the core sends no more.
const refusalsUntilDisabled = 10

func (ct *contact) connected() bool {
	return ct.ActiveConn != nil && ct.ActiveConn.ConnStatus.Type == "ready" && ct.ContactStatus == "active"
}

func (ct *contact) touch(at stamp) { ct.ChatTs = &at }

func contactsByID(m map[int64]*contact) []*contact {
	return sortedBy(m, func(ct *contact) int64 { return ct.ContactID })
}

// listContacts lists those with a connection, the latest last.
func listContacts(c *call) (raw, error) {
	list := []*contact{}
	for _, ct := range contactsByID(c.user.contacts) {
		if ct.ActiveConn != nil {
			list = append(list, ct)
		}
	}
	slices.SortStableFunc(list, func(a, b *contact) int { return cmp.Compare(a.ChatTs.us, b.ChatTs.us) })
	return c.reply("contactsList", "contacts", list)
}

func setContactData(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	ct.CustomData = json.RawMessage(c.cmd.JSON("customData"))
	return c.done()
}

func setContactAlias(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	ct.Profile.LocalAlias, ct.UpdatedAt = c.cmd.Text("alias"), c.db.net.now()
	return c.reply("contactAliasUpdated", "toContact", ct)
}

func setConnAlias(c *call) (raw, error) {
	cn, err := c.pendingConn(c.cmd.Int("connId"))
	if err != nil {
		return nil, err
	}
	cn.LocalAlias = c.cmd.Text("alias")
	cn.updated = c.db.net.now()
	return c.reply("connectionAliasUpdated", "toConnection", cn.pending())
}

// pendingConn finds a connection that is no contact yet.
func (c *call) pendingConn(id int64) (*conn, error) {
	cn := c.db.conns[id]
	if cn == nil || cn.user != c.user || cn.contact != nil || cn.member != nil {
		return nil, storeError("pendingConnectionNotFound", "connId", id)
	}
	return cn, nil
}

// readPrefs reads the preferences in a command.
func (c *call) readPrefs() (p prefs, err error) {
	if err := c.decode("preferences", &p); err != nil {
		return p, err
	}
	if !p.valid() {
		return p, errSyntax
	}
	return p, nil
}

func setContactPrefs(c *call) (raw, error) {
	p, err := c.readPrefs()
	if err != nil {
		return nil, err
	}
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	if ct.ActiveConn == nil {
		return nil, chatError("contactNotActive", "contact", ct)
	}
	from := encode(ct)
	if string(encode(p)) == string(encode(ct.UserPreferences)) {
		return c.reply("contactPrefsUpdated", "fromContact", from, "toContact", from)
	}
	old := ct.UserPreferences.full(c.user.FullPreferences)
	before, told := ct.MergedPreferences, encode(c.user.sentTo(ct.ActiveConn))
	ct.UserPreferences = p
	ct.refresh()
	to := encode(ct)
	if string(encode(c.user.sentTo(ct.ActiveConn))) == string(told) { // nothing to tell
		ct.UpdatedAt = c.db.net.now()
		return c.reply("contactPrefsUpdated", "fromContact", from, "toContact", to)
	}
	unheard := ct.sendable()
	if unheard != nil {
		c.db.event(object("error", unheard.(*apiError).body))
	}
	changed := changedFeatures(before, ct.MergedPreferences)
	c.db.featureItems(ct, "directSnd", changed, old, p.full(c.user.FullPreferences), true)
	if len(changed) == 0 {
		c.db.emit(c.user, "newChatItems", "chatItems", []raw{})
	}
	ct.UpdatedAt = c.db.net.now()
	if unheard == nil {
		c.db.tellProfile(ct)
	}
	return c.reply("contactPrefsUpdated", "fromContact", from, "toContact", to)
}

// changedFeatures are those whose state is another one.
func changedFeatures(a, b *mergedPrefs) []string {
	var changed []string
	for _, f := range chatFeatures {
		x, y := a.get(f), b.get(f)
		if x.Enabled != y.Enabled || string(encode(x.UserPreference)) != string(encode(y.UserPreference)) ||
			string(encode(x.ContactPreference)) != string(encode(y.ContactPreference)) {
			changed = append(changed, f)
		}
	}
	return changed
}

// featureItems adds an item for each feature that changed: its new state, or
// what one side offered where the state is the same.
func (d *database) featureItems(ct *contact, dir string, changed []string, old, now *prefs, ours bool) {
	if len(changed) == 0 {
		return
	}
	info := encode(ct)
	at := d.net.now()
	var items []*item
	for _, f := range changed {
		m := ct.MergedPreferences.get(f)
		state := m.Enabled // a copy: the item keeps it
		text, param := ct.MergedPreferences.state(f)
		kind, offer := "rcvChatFeature", "rcvChatPreference"
		if ours {
			kind, offer = "sndChatFeature", "sndChatPreference"
		}
		cont := content{Type: kind, Feature: f, Enabled: &state, Param: param}
		if last := ct.chat.lastFeature(f); last != nil && last.Content.Enabled != nil && *last.Content.Enabled == m.Enabled && equalTTL(last.Content.Param, param) {
			was, is := (*old.get(f)).Allow, (*now.get(f)).Allow
			if was == is {
				continue
			}
			verb := "offered "
			if is == "no" {
				verb = "cancelled "
			}
			if text = verb + featureNames[f]; ours {
				text = "you " + text
			}
			cont = content{Type: offer, Feature: f, Allowed: is}
		}
		it := d.internalItem(ct.chat, dir, cont, text)
		it.Meta.ItemTs, it.Meta.CreatedAt, it.Meta.UpdatedAt = at, at, at
		items = append(items, it)
	}
	if len(items) > 0 {
		d.emitItems(ct.chat, directInfo(info), items...)
	}
}

func equalTTL(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }
