package sim

import (
	"encoding/json"
	"slices"
	"strconv"
)

// userCommands make, list and choose users.
var userCommands = table{
	"ShowActiveUser":                     {run: showActiveUser, early: true},
	"CreateActiveUser":                   {run: createUser, early: true, anonymous: true},
	"ListUsers":                          {run: listUsers, early: true, anonymous: true},
	"APISetActiveUser":                   {run: setActiveUser, anonymous: true},
	"APIDeleteUser":                      {run: deleteUser},
	"APIMuteUser":                        muteUser(true),
	"APIUnmuteUser":                      muteUser(false),
	"APIHideUser":                        {run: hideUser},
	"APIUnhideUser":                      {run: unhideUser},
	"APISetUserAutoAcceptMemberContacts": ofAnyUser(func(c *call, u *user) { u.AutoAcceptMemberContacts = c.cmd.On("onOff", false) }),
	"APISetUserContactReceipts": ofAnyUser(func(c *call, u *user) {
		u.SendRcptsContacts = c.cmd.On("enable", false)
		if c.cmd.On("clearOverrides", false) {
			for _, ct := range u.contacts {
				ct.ChatSettings.SendRcpts = nil
			}
		}
	}),
	"APISetUserGroupReceipts": ofAnyUser(func(c *call, u *user) {
		u.SendRcptsSmallGroups = c.cmd.On("enable", false)
		if c.cmd.On("clearOverrides", false) {
			for _, g := range u.groups {
				g.ChatSettings.SendRcpts = nil
			}
		}
	}),
}

// ofAnyUser is a handler that changes a user, who need not be the active one.
func ofAnyUser(change func(*call, *user)) handler {
	return handler{run: func(c *call) (raw, error) {
		u, err := c.findUser()
		if err != nil {
			return nil, err
		}
		change(c, u)
		u.changed()
		return c.done()
	}}
}

func showActiveUser(c *call) (raw, error) {
	return result("activeUser", "user", c.user.asLoaded()), nil
}

type newUser struct {
	Profile       *profile `json:"profile"`
	PastTimestamp *bool    `json:"pastTimestamp"`
	UserChatRelay *bool    `json:"userChatRelay"`
	ClientService *bool    `json:"clientService"` // of 7.0
}

func createUser(c *call) (raw, error) {
	d := c.db
	var nu newUser
	if err := c.decode("newUser", &nu); err != nil {
		return nil, err
	}
	no := false
	if d.v7 && nu.UserChatRelay == nil {
		nu.UserChatRelay = &no
	}
	if nu.PastTimestamp == nil || nu.UserChatRelay == nil || nu.Profile != nil && !nu.Profile.valid(c.cmd.JSON("newUser"), "profile") {
		return nil, errSyntax
	}
	p := nu.Profile
	if p == nil {
		p = &profile{DisplayName: d.net.randomName()}
	}
	for _, u := range d.users {
		if u.LocalDisplayName == p.DisplayName {
			return nil, chatError("userExists", "contactName", p.DisplayName)
		}
	}
	if err := d.checkNewName(p.DisplayName, ""); err != nil {
		return nil, err
	}
	u := d.newUser(p, *nu.UserChatRelay)
	if u.ClientService != nil && nu.ClientService != nil {
		u.ClientService = nu.ClientService
	}
	return result("activeUser", "user", u.json()), nil
}

// newUser adds a user, with the contacts and notes that each one begins with,
// and makes it the active one.
func (d *database) newUser(p *profile, relay bool) *user {
	now := d.net.now()
	id := d.next("user")
	u := &user{
		UserID: id, AgentUserID: strconv.FormatInt(id, 10), UserContactID: d.next("contact"),
		LocalDisplayName: p.DisplayName, Profile: localProfile{ProfileID: d.next("profile"), profile: *p},
		ShowNtfs: true, SendRcptsContacts: true, SendRcptsSmallGroups: true, UserChatRelay: relay,
		names: map[string]int{p.DisplayName: 1}, contacts: map[int64]*contact{},
	}
	if d.v7 {
		u.ClientService = new(bool)
	}
	u.FullPreferences = p.Preferences.full(defaultPrefs())
	d.users[id] = u
	d.activate(u)
	for _, preset := range presets {
		if len(d.users) > 1 && preset.first {
			continue
		}
		d.newContact(u, preset.profile)
	}
	u.notes = &noteFolder{NoteFolderID: d.next("notes"), UserID: id, CreatedAt: now.second(), UpdatedAt: now.second(), ChatTs: now.second()}
	u.notes.chat = newChat(d, u)
	u.notes.chat.notes = u.notes
	return u
}

// changed forgets the JSON of the user.
func (u *user) changed() { u.cached = nil }

// activate makes a user the active one.
func (d *database) activate(u *user) {
	if d.active != nil {
		d.active.ActiveUser = false
		d.active.changed()
	}
	u.ActiveUser = true
	u.load()
	u.ActiveOrder = d.next("activeOrder")
	u.changed()
	d.active = u
}

func listUsers(c *call) (raw, error) {
	list := []raw{}
	for _, u := range c.db.usersByID() {
		unread := 0
		for _, ct := range u.contacts {
			unread += min(ct.chat.unread, 1)
		}
		for _, g := range u.groups {
			unread += min(g.chat.unread, 1)
		}
		list = append(list, object("user", u.json(), "unreadCount", unread))
	}
	return result("usersList", "users", list), nil
}

// findUser finds any user by its id; a hidden one needs the password.
func (c *call) findUser() (*user, error) {
	u := c.db.users[c.cmd.Int("userId")]
	if u == nil {
		return nil, chatError("userUnknown")
	}
	known := u.ActiveUser
	if c.cmd.Has("viewPwd") {
		known = c.password() == u.password
	}
	if u.hidden && !known {
		return nil, chatError("userUnknown")
	}
	return u, nil
}

func (c *call) password() (s string) {
	if json.Unmarshal(c.cmd.JSON("viewPwd"), &s) != nil {
		return c.cmd.Text("viewPwd")
	}
	return s
}

func setActiveUser(c *call) (raw, error) {
	u, err := c.findUser()
	if err != nil {
		return nil, err
	}
	c.db.activate(u)
	return result("activeUser", "user", u.json()), nil
}

func deleteUser(c *call) (raw, error) {
	u, err := c.findUser()
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(c.db.visibleUsers(), func(x *user) bool { return x == u })
	if u.ActiveUser && len(others) > 0 {
		return nil, chatError("cantDeleteActiveUser", "userId", u.UserID)
	}
	c.db.forgetUser(u, c.cmd.On("delSMPQueues", true))
	if u.ActiveUser {
		c.db.active = nil
	}
	return result("cmdOk"), nil
}

// forgetUser removes a user and its connections; the peers are not told.
func (d *database) forgetUser(u *user, queues bool) {
	if u.address != nil {
		d.net.unlink(u.address.link)
	}
	gone := d.connIDs(u)
	for _, cn := range d.conns {
		if cn.user == u {
			d.forgetConn(cn)
		}
	}
	if queues {
		d.queuesDeleted(gone, true)
		d.event(result("agentUserDeleted", "agentUserId", u.UserID))
	}
	for id, it := range d.items {
		if it.chat.user == u {
			delete(d.items, id)
		}
	}
	for _, ct := range u.contacts {
		d.free("contact", ct.ContactID)
		d.free("profile", ct.Profile.ProfileID)
	}
	d.free("contact", u.UserContactID)
	d.free("profile", u.Profile.ProfileID)
	d.free("user", u.UserID)
	delete(d.users, u.UserID)
}
