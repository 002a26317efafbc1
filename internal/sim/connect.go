package sim

import "encoding/json"

// connectCommands make and follow links.
var connectCommands = table{
	"APIAddContact":             forUser(addContact),
	"APIConnectPlan":            forUser(connectPlan),
	"APIConnect":                forUser(connectLink),
	"Connect":                   {run: connect},
	"APISetConnectionIncognito": {run: setIncognito},
}

// addContact makes a one-time invitation.
func addContact(c *call) (raw, error) {
	return c.invite(c.cmd.On("incognito", false))
}

func (c *call) invite(incognito bool) (raw, error) {
	d, u := c.db, c.user
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(u)
	cn := d.newConn(u, "new")
	if incognito {
		d.disguise(cn)
	}
	cn.ContactConnInitiated = true
	cn.link = d.net.newLink(d, u, 'i')
	cn.link.conn = cn
	cn.toLink = &cn.link.connLink
	return c.reply("invitation", "connLinkInvitation", cn.link.connLink, "connection", cn.pending())
}

// disguise gives a connection a random profile.
func (d *database) disguise(cn *conn) {
	cn.profile = &profile{DisplayName: d.net.randomName()}
	cn.CustomUserProfileID = d.next("profile")
}

func setIncognito(c *call) (raw, error) {
	cn, err := c.pendingConn(c.cmd.Int("connId"))
	if err != nil {
		return nil, err
	}
	if cn.profile = nil; c.cmd.On("incognito", false) {
		c.db.disguise(cn)
	} else {
		cn.CustomUserProfileID = 0
	}
	cn.updated = c.db.net.now()
	var custom any
	if cn.profile != nil {
		custom = cn.profile
	}
	return c.reply("connectionIncognitoUpdated", "toConnection", cn.pending(), "customUserProfile", custom)
}

// connectPlan tells what a link is, and whether it was used here.
func connectPlan(c *call) (raw, error) {
	text := firstField(c.cmd.Text("connectionLink"))
	l, plan, err := c.plan(text)
	if err != nil {
		return nil, err
	}
	return c.planReply(l, text, plan)
}

func (c *call) planReply(l *link, text string, p plan) (raw, error) {
	seen := l.asSeen(longForm(text) == l.Short)
	if l.user == c.user {
		seen = connLink{Full: l.Full}
		if longForm(text) == l.Short {
			seen.Short = l.Short
		}
	}
	return c.reply("connectionPlan", "connLink", seen, "connectionPlan", p.json)
}

// plan is what can be done with a link.
type plan struct {
	json    raw
	proceed bool // connecting is possible
	contact *contact
	group   *group
}

func (c *call) plan(text string) (*link, plan, error) {
	l, isShort, err := c.db.net.find(text)
	if err != nil {
		return nil, plan{}, err
	}
	own := l.user == c.user && l.db == c.db
	if isShort && !own {
		if err := c.db.needServer(); err != nil {
			return nil, plan{}, err
		}
		c.db.connected(c.user)
		if l.gone && (l.kind == 'i' || c.knownByLink(l) == nil) {
			return nil, plan{}, errAuth
		}
	}
	switch l.kind {
	case 'i':
		return l, c.invitationPlan(l, isShort, own), nil
	case 'g':
		return l, c.groupPlan(l, isShort, own), nil
	default:
		return l, c.addressPlan(l, isShort, own), nil
	}
}

// knownByLink finds the contact that came of a link.
func (c *call) knownByLink(l *link) *contact {
	for _, ct := range c.user.contacts {
		if ct.ContactStatus != "active" {
			continue
		}
		if ct.PreparedContact != nil && c.db.net.links[ct.PreparedContact.ConnLink.Full] == l && ct.ActiveConn == nil {
			return ct
		}
		if ct.ActiveConn != nil && ct.ActiveConn.toLink != nil && c.db.net.links[ct.ActiveConn.toLink.Full] == l {
			return ct
		}
	}
	return nil
}

// connByLink finds a connection that is under way to a link.
func (c *call) connByLink(l *link) *conn {
	var found *conn
	for _, cn := range c.db.conns {
		if cn.user == c.user && cn.toLink != nil && cn.link == nil && (cn.contact == nil || cn.contact.ContactStatus == "active") && c.db.net.links[cn.toLink.Full] == l && (found == nil || cn.ConnID > found.ConnID) {
			found = cn
		}
	}
	return found
}

func (c *call) invitationPlan(l *link, isShort, own bool) plan {
	wrap := func(p raw, proceed bool, ct *contact) plan {
		return plan{tagged("invitationLink", "invitationLinkPlan", p), proceed, ct, nil}
	}
	if own {
		return wrap(tagged("ownLink"), true, nil)
	}
	if ct := c.knownByLink(l); ct != nil && ct.ActiveConn == nil {
		return wrap(tagged("known", "contact", ct), false, ct)
	}
	var data any
	if isShort {
		data = l.contactData()
	}
	return wrap(tagged("ok", "contactSLinkData_", data), true, nil)
}

func (c *call) addressPlan(l *link, isShort, own bool) plan {
	wrap := func(p raw, proceed bool, ct *contact) plan {
		return plan{tagged("contactAddress", "contactAddressPlan", p), proceed, ct, nil}
	}
	if own {
		return wrap(tagged("ownLink"), true, nil)
	}
	if ct := c.knownByLink(l); ct != nil {
		if ct.ActiveConn != nil && !ct.ready() {
			return wrap(tagged("connectingProhibit", "contact", ct), false, ct)
		}
		return wrap(tagged("known", "contact", ct), false, ct)
	}
	if cn := c.connByLink(l); cn != nil && cn.contact == nil && cn.member == nil {
		return wrap(tagged("connectingConfirmReconnect"), true, nil)
	}
	var data any
	if isShort {
		data = l.contactData()
	}
	return wrap(tagged("ok", "contactSLinkData_", data), true, nil)
}

// contactData is what a short link tells of its owner.
func (l *link) contactData() raw {
	var msg any
	business := false
	if a := l.user.address; l.kind == 'a' && a != nil {
		business = a.Settings.BusinessAddress
		if a.Settings.AutoReply != nil {
			msg = a.Settings.AutoReply
		}
	}
	p := l.user.sent()
	if l.conn != nil {
		p = l.user.sentTo(l.conn)
	}
	return object("profile", p, "message", msg, "business", business)
}

// connectLink connects to a link that was planned.
func connectLink(c *call) (raw, error) {
	l := c.db.net.links[c.cmd.Text("link")]
	if l == nil || c.cmd.Text("link") == l.Short {
		return nil, errLink
	}
	return c.connectTo(l, c.cmd.On("incognito", false), connLink{c.cmd.Text("link"), c.cmd.Text("shortLink")})
}

// connect plans and connects in one go; without a link it makes one.
func connect(c *call) (raw, error) {
	incognito := c.cmd.Prefix == "/connect i"
	text := c.cmd.Text("connLink_")
	if text == "" {
		return c.invite(incognito)
	}
	l, p, err := c.plan(text)
	if err != nil {
		return nil, err
	}
	if !p.proceed {
		return c.planReply(l, text, p)
	}
	return c.connectTo(l, incognito, l.asSeen(longForm(text) == l.Short))
}

func (c *call) connectTo(l *link, incognito bool, seen connLink) (raw, error) {
	d, u := c.db, c.user
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(u)
	if l.kind == 'i' {
		if l.gone || l.user == u {
			return nil, errAuth
		}
		cn := d.joinInvitation(u, l, incognito, seen)
		return c.reply("sentConfirmation", "connection", cn.pending(), "customUserProfile", custom(cn))
	}
	if l.gone {
		return nil, errAuth
	}
	if l.kind == 'a' && l.user != u {
		if ct := c.knownByLink(l); ct != nil && ct.ActiveConn != nil {
			return c.reply("contactAlreadyExists", "contact", ct)
		}
	}
	cn := d.request(u, l, incognito, seen, requestMessage{})
	return c.reply("sentInvitation", "connection", cn.pending(), "customUserProfile", custom(cn))
}

func custom(cn *conn) any {
	if cn.profile == nil {
		return nil
	}
	return cn.profile
}

// joinInvitation answers a one-time invitation.
func (d *database) joinInvitation(u *user, l *link, incognito bool, seen connLink) *conn {
	cn := d.newConn(u, "sndReady")
	if incognito {
		d.disguise(cn)
	}
	cn.toLink = &seen
	l.gone = true
	inviter := l.conn
	p := u.sentTo(cn)
	d.net.post(inviter.db, func() {
		if inviter.deleted {
			return
		}
		id := inviter.db
		ct := id.confirmed(inviter, cn, p)
		inviter.status("requested")
		id.emit(inviter.user, "contactConnecting", "contact", ct)
		inviter.status("accepted")
		theirs := inviter.user.sentTo(inviter)
		d.net.post(cn.db, func() {
			if !cn.deleted {
				cn.db.joinerConfirmed(cn, theirs)
			}
		})
	})
	return cn
}

// joinerConfirmed is when the one who joined learns who invited.
func (d *database) joinerConfirmed(cn *conn, p profile) {
	cn.ConnChatVersion, cn.PeerChatVRange = chatVersion, ourVersions
	if cn.contact == nil {
		ct := d.confirmed(cn, cn.peer, p)
		d.emit(cn.user, "contactConnecting", "contact", ct)
	} else {
		d.updatePrepared(cn.contact, p)
	}
	peer := cn.peer
	d.net.post(peer.db, func() {
		if peer.deleted {
			return
		}
		peer.db.complete(peer)
		d.net.post(cn.db, func() {
			if !cn.deleted {
				cn.db.complete(cn)
				cn.release()
			}
		})
		peer.release()
	})
}

// confirmed makes the contact of a connection whose peer is known now.
func (d *database) confirmed(cn, peer *conn, p profile) *contact {
	if cn.peer == nil {
		join2conns(cn, peer)
		peer.ConnChatVersion, peer.PeerChatVRange = initialVersion, unknownVersions
		if peer.contact != nil || peer.is("accepted") {
			peer.ConnChatVersion, peer.PeerChatVRange = chatVersion, ourVersions
		}
	}
	ct := d.newContact(cn.user, p)
	d.bind(ct, cn)
	return ct
}

// bind gives a contact its connection.
func (d *database) bind(ct *contact, cn *conn) {
	cn.contact = ct
	cn.EntityID = ct.ContactID
	ct.ActiveConn = cn
	ct.refresh()
}

// complete is when a connection works in both directions: the contact is told
// as connected, and a chat that has nothing yet gets its first items.
func (d *database) complete(cn *conn) {
	ct := cn.contact
	cn.ready()
	if ct.Profile.Preferences == nil && ct.PreparedContact == nil {
		ct.refresh()
	}
	d.emit(cn.user, "contactConnected", "contact", ct, "userCustomProfile", custom(cn))
	info := ct.chat.info()
	yes := true
	switch {
	case ct.request != nil || ct.ContactRequestID != 0:
	case ct.PreparedContact != nil && ct.PreparedContact.UIConnLinkType == "inv": // said so when it was prepared
	case ct.PreparedContact != nil:
		d.emitItems(ct.chat, info, d.e2eeItem(ct.chat, &yes))
	default:
		if ct.chat.count() == 0 {
			d.emitItems(ct.chat, info, d.banner(ct.chat))
		}
		d.emitItems(ct.chat, info, d.e2eeItem(ct.chat, &yes))
		d.emitItems(ct.chat, info, d.enabledItems(ct)...)
	}
	cn.ContactConnInitiated = false
}

// welcomeOf is the content of the automatic reply of an address.
func (a *address) welcomeOf() (msgContent, bool) {
	if a == nil || a.Settings.AutoReply == nil {
		return msgContent{}, false
	}
	m, err := readContent(json.RawMessage(a.Settings.AutoReply))
	return m, err == nil
}
