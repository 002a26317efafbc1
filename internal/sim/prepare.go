package sim

import "encoding/json"

// prepareCommands connect as the apps do: the chat is there before anything is sent.
var prepareCommands = table{
	"APIPrepareContact":         forUser(prepareContact),
	"APIConnectPreparedContact": {run: connectPrepared},
}

type linkData struct {
	Profile  profile         `json:"profile"`
	Message  json.RawMessage `json:"message"`
	Business bool            `json:"business"`
}

func prepareContact(c *call) (raw, error) {
	var data linkData
	if err := c.decode("contactShortLinkData", &data); err != nil {
		return nil, err
	}
	l := c.db.net.links[c.cmd.Text("link")]
	if l == nil {
		return nil, errSyntax
	}
	if data.Business {
		return c.prepareBusiness(l, data)
	}
	d := c.db
	ct := d.newContact(c.user, data.Profile)
	kind := "con"
	if l.kind == 'i' {
		kind = "inv"
	}
	ct.PreparedContact = &preparedContact{ConnLink: connLink{c.cmd.Text("link"), c.cmd.Text("shortLink")}, UIConnLinkType: kind}
	var welcome *item
	var m msgContent
	if data.Message != nil {
		var err error
		if m, err = readContent(data.Message); err != nil {
			return nil, err
		}
		ct.PreparedContact.WelcomeSharedMsgID = d.net.key(12)
	}
	info := ct.chat.info()
	d.banner(ct.chat)
	d.e2eeItem(ct.chat, linkPQ(l))
	d.enabledItems(ct)
	items, stats := []raw{}, noStats
	if data.Message != nil {
		welcome = d.received(ct.chat, direction{Type: "directRcv"}, message{sharedID: ct.PreparedContact.WelcomeSharedMsgID, content: m})
		welcome.Meta.ItemTs = welcome.Meta.CreatedAt
		items = append(items, welcome.asNew().listed())
		stats.UnreadCount, stats.MinUnreadItemID = 1, welcome.Meta.ItemID
	}
	return c.reply("newPreparedChat", "chat", object("chatInfo", info, "chatItems", items, "chatStats", stats))
}

// linkPQ is what is known of the encryption before connecting.
func linkPQ(l *link) *bool {
	if l.kind == 'i' {
		yes := true
		return &yes
	}
	return nil
}

// initialMessage reads the message that goes with a request.
func (c *call) initialMessage() (*msgContent, error) {
	switch {
	case c.cmd.Has("text"):
		m, err := readContent(textMessage(c.cmd.Text("text")).MsgContent)
		return &m, err
	case c.cmd.Has("message"):
		m, err := readContent(c.cmd.JSON("message"))
		return &m, err
	}
	return nil, nil
}

func connectPrepared(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	m, err := c.initialMessage()
	if err != nil {
		return nil, err
	}
	if ct.PreparedContact == nil {
		return nil, commandError("contact doesn't have link to connect")
	}
	if ct.ActiveConn != nil {
		return c.reply("contactAlreadyExists", "contact", ct)
	}
	d, u := c.db, c.user
	l := d.net.links[ct.PreparedContact.ConnLink.Full]
	if l == nil || l.gone {
		return nil, errAuth
	}
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(u)
	incognito := c.cmd.On("incognito", false)
	var cn *conn
	if l.kind == 'i' {
		if m != nil {
			return nil, chatError("connReqMessageProhibited")
		}
		cn = d.joinInvitation(u, l, incognito, ct.PreparedContact.ConnLink)
		d.bind(ct, cn)
		reply := encode(ct)
		d.event(result("newChatItems", "user", u.json(), "chatItems", []raw{}))
		return c.reply("startedConnectionToContact", "contact", reply, "customUserProfile", incognitoProfile(cn))
	}
	msg := requestMessage{welcomeID: ct.PreparedContact.WelcomeSharedMsgID, content: m}
	if m != nil {
		msg.sharedID = d.net.key(12)
		ct.PreparedContact.RequestSharedMsgID = msg.sharedID
	}
	cn = d.request(u, l, incognito, ct.PreparedContact.ConnLink, msg)
	d.bind(ct, cn)
	info := encode(ct)
	if m != nil {
		d.sentWithRequest(ct.chat, direction{Type: "directSnd"}, *m, msg.sharedID, directInfo(info))
	}
	return c.reply("startedConnectionToContact", "contact", info, "customUserProfile", incognitoProfile(cn))
}

// updatePrepared takes in the profile of a prepared contact at last.
func (d *database) updatePrepared(ct *contact, p profile) {
	ct.Profile.profile = p
	ct.refresh()
}

// welcomeSeen tells that the welcome that came is the one that was shown.
func (d *database) welcomeSeen(ct *contact) {
	if ct == nil || ct.PreparedContact == nil || ct.PreparedContact.WelcomeSharedMsgID == "" {
		return
	}
	if it := ct.chat.shared[ct.PreparedContact.WelcomeSharedMsgID]; it != nil {
		ct.ActiveConn.receivesPQ()
		d.emit(ct.user, "chatItemNotChanged", "chatItem", entry(ct.chat.info(), it))
	}
}
