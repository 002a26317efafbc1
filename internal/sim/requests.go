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
	if r := u.repeated(from.XContactID); r != nil {
		r.from, r.UpdatedAt = from, d.net.now()
		d.emit(u, "receivedContactRequest", "contactRequest", r, "chat_", d.requestChat(r, nil))
		return
	}
	r := d.newRequest(u, a, from, p)
	r.WelcomeSharedMsgID, r.RequestSharedMsgID = msg.welcomeID, msg.sharedID
	ct := r.contact
	ct.request = r
	asNew := ct.chat.info()
	d.banner(ct.chat)
	yes := true
	d.e2eeItem(ct.chat, &yes)
	d.enabledItems(ct)
	info := asNew
	if ct.request != nil {
		d.welcomeInRequest(ct, a, msg)
	}
	var first *item
	if msg.content != nil {
		first = d.received(ct.chat, direction{Type: "directRcv"}, message{sharedID: msg.sharedID, content: *msg.content})
		first.Meta.ItemTs = first.Meta.CreatedAt
	}
	if first != nil {
		d.emitItems(ct.chat, info, first.asNew())
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
			items = append(items, encode(it.asNew()))
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

// repeated finds a request by what makes repeated ones the same.
func (u *user) repeated(xContactID string) *contactRequest {
	for _, r := range u.requests {
		if r.XContactID == xContactID {
			return r
		}
	}
	return nil
}

func (d *database) newRequest(u *user, a *address, from *conn, p profile) *contactRequest {
	ct := d.newContact(u, p)
	r := &contactRequest{
		ContactRequestID: d.next("request"), AgentInvitationID: d.net.agentID(), ContactID: ct.ContactID, UserContactLinkID: a.UserContactLinkID,
		CReqChatVRange: ourVersions, LocalDisplayName: ct.LocalDisplayName, ProfileID: ct.Profile.ProfileID, Profile: p,
		CreatedAt: ct.CreatedAt, UpdatedAt: ct.CreatedAt, XContactID: from.XContactID, PQSupport: true, from: from, contact: ct,
	}
	ct.ContactRequestID = r.ContactRequestID
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
	delete(ct.chat.shared, it.sharedID)
	it.sharedID, it.Meta.ItemSharedMsgID = msg.welcomeID, msg.welcomeID
	ct.chat.shared[it.sharedID] = it
	ct.touch(ct.chat.items[0].Meta.CreatedAt)
}

// accept connects to the one who asked. auto is when nobody was asked.
func (d *database) accept(r *contactRequest, auto bool) *contact {
	u, ct, from := r.contact.user, r.contact, r.from
	cn := d.acceptedConn(r)
	cn.peer, from.peer = from, cn
	d.bind(ct, cn)
	ct.request = nil
	p := u.sentTo(cn)
	confirm := func(post func(*database, func())) {
		post(from.db, func() {
			if !from.deleted {
				from.db.accepted(from, p)
			}
		})
	}
	if !auto {
		cn.status("sndReady")
		confirm(d.net.post)
		return ct
	}
	d.emit(u, "acceptingContactRequest", "contact", ct)
	d.net.later(d, func() {
		if cn.deleted {
			return
		}
		cn.status("sndReady")
		d.emit(u, "contactSndReady", "contact", ct)
		confirm(d.net.later)
		cn.release()
		d.welcome(r)
	})
	return ct
}

// acceptedConn is the connection to somebody who asked.
func (d *database) acceptedConn(r *contactRequest) *conn {
	cn := d.newConn(r.contact.user, "new")
	cn.ViaUserContactLink = r.UserContactLinkID
	cn.ConnChatVersion, cn.PeerChatVRange = chatVersion, ourVersions
	return cn
}

// infoReceived takes in the whole profile of a contact that is being connected.
func (d *database) infoReceived(ct *contact, p profile) {
	if ct == nil || string(encode(ct.Profile.profile)) == string(encode(p)) {
		return
	}
	from := encode(ct)
	ct.Profile.profile = p
	ct.refresh()
	d.emit(ct.user, "newChatItems", "chatItems", []raw{})
	d.emit(ct.user, "contactUpdated", "fromContact", from, "toContact", ct)
}

// welcome sends the automatic reply, unless it was seen before asking.
func (d *database) welcome(r *contactRequest) {
	ct := r.contact
	m, ok := ct.user.address.welcomeOf()
	if !ok || r.WelcomeSharedMsgID != "" {
		return
	}
	out := outgoing{chat: ct.chat, msgs: []composed{{content: m}}}
	info := ct.chat.info()
	items := out.items(direction{Type: "directSnd"})
	d.emitItems(ct.chat, info, items...)
	ct.ActiveConn.PQSndEnabled = true
	d.postDirect(ct, items, out)
	r.from.withWelcome = 1
}

// accepted is when the one who asked learns of it.
func (d *database) accepted(cn *conn, p profile) {
	cn.ConnChatVersion, cn.PeerChatVRange = chatVersion, ourVersions
	cn.status("requested")
	if cn.contact == nil {
		ct := d.newContact(cn.user, p)
		d.bind(ct, cn)
		d.emit(cn.user, "contactConnecting", "contact", ct)
	} else {
		d.updatePrepared(cn.contact, p)
		cn.contact.UpdatedAt = d.net.now()
	}
	cn.status("accepted")
	cn.confirm(cn.withWelcome)
	peer := cn.peer
	mine := cn.user.sentTo(cn)
	d.net.post(peer.db, func() {
		if peer.deleted {
			return
		}
		peer.db.infoReceived(peer.contact, mine)
		d.net.post(cn.db, func() {
			if cn.deleted {
				return
			}
			cn.db.welcomeSeen(cn.contact)
			cn.db.complete(cn)
			d.net.post(peer.db, func() {
				if !peer.deleted {
					peer.db.complete(peer)
					peer.release()
				}
			})
			cn.release()
		})
	})
}

func acceptContact(c *call) (raw, error) {
	r, err := c.request()
	if err != nil {
		return nil, err
	}
	if c.cmd.On("incognito", false) {
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
