package sim

// requestCommands answer requests that came to the user's address.
var requestCommands = table{
	"APIAcceptContact": {run: acceptContact},
	"APIRejectContact": {run: rejectContact},
}

// contactRequest is somebody who wants to be a contact.
type contactRequest struct {
	ContactRequestID   int64        `json:"contactRequestId"`
	AgentInvitationID  string       `json:"agentInvitationId"`
	ContactID          int64        `json:"contactId_,omitempty"`
	UserContactLinkID  int64        `json:"userContactLinkId_,omitempty"`
	CReqChatVRange     versionRange `json:"cReqChatVRange"`
	LocalDisplayName   string       `json:"localDisplayName"`
	ProfileID          int64        `json:"profileId"`
	Profile            profile      `json:"profile"`
	CreatedAt          stamp        `json:"createdAt"`
	UpdatedAt          stamp        `json:"updatedAt"`
	XContactID         string       `json:"xContactId,omitempty"`
	PQSupport          bool         `json:"pqSupport"`
	WelcomeSharedMsgID string       `json:"welcomeSharedMsgId,omitempty"`
	RequestSharedMsgID string       `json:"requestSharedMsgId,omitempty"`

	from    *conn // of the one who asks
	contact *contact
}

// requestMessage is a message inside a request.
type requestMessage struct {
	welcomeID string // of the welcome that the one who asks has seen
	sharedID  string
	content   *msgContent
	memberID  string // that the one who asks will have in a channel
	pubKey    string
}

// request asks to connect to an address or a group's link.
func (d *database) request(u *user, l *link, incognito bool, seen connLink, msg requestMessage) *conn {
	cn := d.newConn(u, "joined")
	if incognito {
		d.disguise(cn)
	}
	cn.ContactConnInitiated = true
	cn.toLink = &seen
	cn.XContactID = d.xContactID(u, l)
	if l.kind == 'g' {
		cn.GroupLinkID = l.group.link.GroupLinkID
	}
	p := u.sentTo(cn)
	p.PeerType = "" // is told when the connection is confirmed
	if l.kind == 'g' {
		p = u.sentAsMember(cn)
	}
	d.net.post(l.db, func() {
		if l.gone || cn.deleted {
			return
		}
		l.db.connected(l.user)
		if l.kind == 'g' {
			l.db.joinRequested(l, cn, p, msg)
			return
		}
		if ch := l.user.asked[cn.XContactID]; ch != nil {
			l.db.requestedAgain(ch, cn, p)
			return
		}
		if l.user.address.Settings.BusinessAddress {
			l.db.businessRequested(l, cn, p, msg)
			return
		}
		l.db.requested(l, cn, p, msg)
	})
	return cn
}

// xContactID is the same for all requests of a user to one address.
func (d *database) xContactID(u *user, l *link) string {
	for _, c := range d.conns {
		if c.user == u && c.XContactID != "" && c.toLink != nil && d.net.links[c.toLink.Full] == l {
			return c.XContactID
		}
	}
	return d.net.key(16)
}

// requested is when a request arrives at an address.
func (d *database) requested(l *link, from *conn, p profile, msg requestMessage) {
	u, a := l.user, l.user.address
	r := d.newRequest(u, a, from, p)
	r.WelcomeSharedMsgID, r.RequestSharedMsgID = msg.welcomeID, msg.sharedID
	ct := r.contact
	ct.request = r
	asNew := ct.chat.info()
	d.banner(ct.chat)
	yes := true
	d.e2eeItem(ct.chat, &yes)
	d.enabledItems(ct)
	d.welcomeInRequest(ct, a, msg)
	if msg.content != nil {
		first := d.received(ct.chat, direction{Type: "directRcv"}, message{sharedID: msg.sharedID, content: *msg.content})
		first.Meta.ItemTs = first.Meta.CreatedAt
		d.emitItems(ct.chat, asNew, first.asNew())
	}
	if a.Settings.AutoAccept == nil {
		d.emit(u, "receivedContactRequest", "contactRequest", r, "chat_", d.requestChat(r, asNew))
		return
	}
	d.accept(r, true)
}

// asNew is the item as it is told first: without the id that it shares.
func (it *item) asNew() *item {
	shown := *it
	shown.Meta.ItemSharedMsgID = ""
	return &shown
}

// requestChat is the chat in the event of a request; it shows the items that
// came with the request.
func (d *database) requestChat(r *contactRequest, info raw) raw {
	ch := r.contact.chat
	items := []raw{}
	for _, it := range ch.items {
		if it.Content.Type == "rcvMsgContent" {
			items = append(items, it.asNew().listed())
		}
	}
	if info == nil {
		info = ch.info()
	}
	stats := noStats
	if len(items) > 0 {
		stats.UnreadCount, stats.MinUnreadItemID = len(items), ch.firstUnread()
	}
	return object("chatInfo", info, "chatItems", items, "chatStats", stats)
}

// requestedAgain is when somebody repeats a request, maybe under another name.
func (d *database) requestedAgain(ch *chat, from *conn, p profile) {
	u, ct := ch.user, ch.contact
	switch {
	case ct == nil:
		d.emit(u, "businessRequestAlreadyAccepted", "groupInfo", ch.group)
		return
	case ct.request == nil:
		d.emit(u, "contactRequestAlreadyAccepted", "contact", ct)
		return
	}
	r, now := ct.request, d.net.now()
	p.Preferences, p.PeerType = r.Profile.Preferences, r.Profile.PeerType
	if p.DisplayName != r.Profile.DisplayName {
		old := ct.LocalDisplayName
		ct.LocalDisplayName, ct.UpdatedAt = u.localName(p.DisplayName), now
		delete(u.names, old)
	}
	r.from, r.AgentInvitationID, r.CReqChatVRange, r.UpdatedAt = from, d.net.agentID(), from.db.versions(), now
	r.Profile, ct.Profile.profile, r.LocalDisplayName = p, p, ct.LocalDisplayName
	if u.address.Settings.AutoAccept == nil {
		d.emit(u, "receivedContactRequest", "contactRequest", r, "chat_", d.requestChat(r, nil))
		return
	}
	d.accept(r, true)
}

// beganWith notes the request that a chat began with.
func (ch *chat) beganWith(xContactID string) {
	if ch.user.asked == nil {
		ch.user.asked = map[string]*chat{}
	}
	ch.xContactID = xContactID
	ch.user.asked[xContactID] = ch
}

func (d *database) newRequest(u *user, a *address, from *conn, p profile) *contactRequest {
	ct := d.newContact(u, p)
	r := &contactRequest{
		ContactRequestID: d.next("request"), AgentInvitationID: d.net.agentID(), ContactID: ct.ContactID, UserContactLinkID: a.UserContactLinkID,
		CReqChatVRange: from.db.versions(), LocalDisplayName: ct.LocalDisplayName, ProfileID: ct.Profile.ProfileID, Profile: p,
		CreatedAt: ct.CreatedAt, UpdatedAt: ct.CreatedAt, XContactID: from.XContactID, PQSupport: true, from: from, contact: ct,
	}
	ct.ContactRequestID = r.ContactRequestID
	ct.chat.beganWith(from.XContactID)
	if u.requests == nil {
		u.requests = map[int64]*contactRequest{}
	}
	u.requests[r.ContactRequestID] = r
	return r
}

// welcomeInRequest stores the welcome that the other side has seen already.
func (d *database) welcomeInRequest(ct *contact, a *address, msg requestMessage) {
	m, ok := a.welcomeOf()
	if !ok || msg.welcomeID == "" {
		return
	}
	now := d.net.now()
	it := ct.chat.newMessage(direction{Type: "directSnd"}, &composed{content: m}, now, false, nil)
	ct.chat.share(it, msg.welcomeID)
	it.Meta.ItemSharedMsgID = msg.welcomeID
	ct.touch(ct.chat.items[0].Meta.CreatedAt)
}

func acceptContact(c *call) (raw, error) {
	r, err := c.request()
	if err != nil {
		return nil, err
	}
	if c.cmd.On("incognito", false) {
		if a := c.user.address; a == nil || a.UserContactLinkID != r.UserContactLinkID {
			return nil, commandError("incognito not allowed when address is not found")
		}
		return nil, commandError("incognito not allowed for address with short link data")
	}
	if r.from.deleted {
		c.db.bind(r.contact, c.db.acceptedConn(r))
		return nil, errAuth
	}
	ct := c.db.accept(r, false)
	reply := encode(ct)
	c.db.welcome(r)
	return c.reply("acceptingContactRequest", "contact", reply)
}

// request finds a request that was not answered yet.
func (c *call) request() (*contactRequest, error) {
	id := c.cmd.Int("contactReqId")
	r := c.user.requests[id]
	if r == nil || r.contact != nil && r.contact.ActiveConn != nil {
		return nil, storeError("contactRequestNotFound", "contactRequestId", id)
	}
	return r, nil
}

func rejectContact(c *call) (raw, error) {
	r, err := c.request()
	if err != nil {
		return nil, err
	}
	body := encode(r)
	var ct any
	if r.contact != nil {
		ct = encode(r.contact)
		c.db.forgetContact(r.contact)
	}
	c.db.freeRequest(r)
	return c.reply("contactRequestRejected", "contactRequest", body, "contact_", ct)
}

func (d *database) freeRequest(r *contactRequest) {
	for _, u := range d.users {
		if u.requests[r.ContactRequestID] == r {
			delete(u.requests, r.ContactRequestID)
			d.free("request", r.ContactRequestID)
		}
	}
}
