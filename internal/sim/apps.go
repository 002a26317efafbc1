package sim

// appCommands are commands that only apps for people send.
var appCommands = table{
	"APISendCallInvitation": {run: inviteToCall},
	"APIRejectCall":         {run: noCall},
	"APISendCallOffer":      {run: noCall},
	"APISendCallAnswer":     {run: noCall},
	"APISendCallExtraInfo":  {run: noCall},
	"APIEndCall":            {run: noCall},
	"APICallStatus":         {run: noCall},

	"APISetUserUIThemes": {run: setUserThemes},
	"APISetChatUIThemes": {run: setChatThemes},

	"APIChangeConnectionUser":      {run: changeConnUser},
	"APIChangePreparedContactUser": {run: changeContactUser},
	"APIChangePreparedGroupUser":   {run: changeGroupUser},
	"APIConnectContactViaAddress":  forUser(connectViaAddress),
	"APIEnableContact":             {run: enableContact},
	"APIEnableGroupMember":         {run: enableMember},
	"APIShareChatMsgContent":       {run: shareChat},

	"GetChatItemTTL":         {run: getTTL, early: true},
	"SetChatItemTTL":         {run: setTTLByWord},
	"SetAllContactReceipts":  {run: setAllReceipts},
	"TestProtoServer":        {run: testServer},
	"TestChatRelay":          {run: testRelay},
	"ResetAgentServersStats": {run: func(*call) (raw, error) { return result("cmdOk"), nil }, early: true, anonymous: true},
	"CustomChatCommand":      {run: func(*call) (raw, error) { return nil, errNotSupported }},
}

// inviteToCall refuses calls where they are not allowed; there are no others here.
func inviteToCall(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	switch {
	case err != nil:
		return nil, err
	case !ct.MergedPreferences.get("calls").Enabled.ForUser:
		return nil, notAllowed("calls")
	}
	return nil, notSimulated(c.cmd.Name)
}

// noCall is the answer to everything about a call: no contact has one.
func noCall(c *call) (raw, error) {
	if id := c.cmd.Int("contactId"); c.user.contacts[id] == nil {
		return nil, storeError("userNotFoundByContactId", "contactId", id)
	}
	return nil, chatError("noCurrentCall")
}

// themes are colours of an app, which the core only keeps.
func (c *call) themes() raw {
	if !c.cmd.Has("themes") {
		return nil
	}
	return c.cmd.JSON("themes")
}

func setUserThemes(c *call) (raw, error) {
	id := c.cmd.Int("userId")
	u := c.db.users[id]
	if u == nil {
		return nil, storeError("userNotFound", "userId", id)
	}
	if u != c.user {
		return result("cmdOk", "user_", u.json()), nil
	}
	u.UIThemes = c.themes()
	reply, err := c.done() // as it was before
	u.changed()
	return reply, err
}

func setChatThemes(c *call) (raw, error) {
	ch, err := c.talk(c.cmd.Ref("chatRef"))
	switch {
	case err != nil:
		return nil, err
	case ch.support != nil:
		return nil, errNotSupported
	case ch.contact != nil:
		ch.contact.UIThemes, ch.contact.UpdatedAt = c.themes(), c.db.net.now()
	default:
		ch.group.UIThemes, ch.group.UpdatedAt = c.themes(), c.db.net.now()
	}
	return c.done()
}

// changeConnUser makes an invitation anew, for another user.
func changeConnUser(c *call) (raw, error) {
	cn, err := c.pendingConn(c.cmd.Int("connId"))
	if err != nil {
		return nil, err
	}
	u := c.db.users[c.cmd.Int("newUserId")]
	switch {
	case cn.link == nil || !cn.is("new"):
		return nil, chatError("connectionUserChangeProhibited")
	case u == nil:
		return nil, chatError("userUnknown")
	}
	if err := c.db.needServer(); err != nil {
		return nil, err
	}
	from := cn.pending()
	c.db.deleteConns(c.user, []*conn{cn})
	to := c.db.newInvitation(u)
	return c.reply("connectionUserChanged", "fromConnection", from, "toConnection", to.pending(), "newUser", u.json())
}

// changeContactUser refuses what the core refuses; contacts stay with their user here.
func changeContactUser(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	switch {
	case err != nil:
		return nil, err
	case ct.PreparedContact == nil:
		return nil, commandError("contact doesn't have link to connect")
	case ct.ActiveConn != nil:
		return nil, commandError("contact already has connection")
	case c.db.users[c.cmd.Int("newUserId")] == nil:
		return nil, chatError("userUnknown")
	}
	return nil, notSimulated(c.cmd.Name)
}

// changeGroupUser is changeContactUser for a group.
func changeGroupUser(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	switch {
	case err != nil:
		return nil, err
	case g.PreparedGroup == nil:
		return nil, commandError("group doesn't have link to connect")
	case g.PreparedGroup.Started:
		return nil, commandError("host member already has connection")
	case c.db.users[c.cmd.Int("newUserId")] == nil:
		return nil, chatError("userUnknown")
	}
	return nil, notSimulated(c.cmd.Name)
}

// connectViaAddress connects to a contact by the address in its profile.
func connectViaAddress(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	l := c.db.net.links[ct.Profile.ContactLink]
	switch {
	case ct.Profile.ContactLink == "":
		return nil, commandError("no address in contact profile")
	case l == nil: // of a server that can't be reached from here
		return nil, notSimulated(c.cmd.Name)
	case ct.ActiveConn != nil:
		return nil, commandError("contact already has connection")
	case l.gone:
		c.db.emit(c.user, "chatInfoUpdated", "chatInfo", ct.chat.info())
		return nil, errAuth
	}
	if err := c.db.needServer(); err != nil {
		return nil, err
	}
	c.db.connected(c.user)
	cn := c.db.request(c.user, l, c.cmd.On("incognito", false), l.asSeen(true), requestMessage{})
	c.db.bind(ct, cn)
	return c.reply("sentInvitationToContact", "contact", ct, "customUserProfile", incognitoProfile(cn))
}

// enableContact sends again to a contact that refused too often.
func enableContact(c *call) (raw, error) {
	ct, err := c.coded()
	if err != nil {
		return nil, err
	}
	ct.ActiveConn.AuthErrCounter = 0
	return c.done()
}

func enableMember(c *call) (raw, error) {
	m, err := c.memberWithConn()
	if err != nil {
		return nil, err
	}
	m.ActiveConn.AuthErrCounter = 0
	return c.done()
}

// shareChat refuses groups that are no channels, which alone can be shared.
func shareChat(c *call) (raw, error) {
	ch, err := c.chat(c.cmd.Ref("shareChat"))
	switch {
	case err != nil:
		return nil, err
	case ch.group == nil:
		return nil, errNotSupported
	case !ch.group.UseRelays:
		return nil, commandError("not a public group")
	}
	return nil, notSimulated(c.cmd.Name)
}

// setTTLByWord is setTTL with a word for the time.
func setTTLByWord(c *call) (raw, error) {
	c.user.ttl = ttlWords[c.cmd.Text("ttl")]
	c.db.expire(c.user)
	return c.done()
}

// setAllReceipts sets receipts for all users that are not hidden.
func setAllReceipts(c *call) (raw, error) {
	for _, u := range c.db.visibleUsers() {
		u.SendRcptsContacts, u.SendRcptsSmallGroups = c.cmd.On("onOff", false), c.cmd.On("onOff", false)
		u.changed()
	}
	return result("cmdOk"), nil
}
