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
	cn := d.newInvitation(u)
	if incognito {
		d.disguise(cn)
	}
	return c.reply("invitation", "connLinkInvitation", cn.link.connLink, "connection", cn.pending())
}

// newInvitation makes the connection of an invitation, and its link.
func (d *database) newInvitation(u *user) *conn {
	cn := d.newConn(u, "new")
	cn.ContactConnInitiated = true
	cn.link = d.net.newLink(d, u, 'i')
	cn.link.conn = cn
	cn.toLink = &cn.link.connLink
	return cn
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
	if cn.link == nil || !cn.is("new") || (cn.profile != nil) == c.cmd.On("incognito", false) {
		return nil, chatError("connectionIncognitoChangeProhibited")
	}
	if cn.profile != nil {
		c.db.free("profile", cn.CustomUserProfileID)
		cn.profile, cn.CustomUserProfileID = nil, 0
	}
	if c.cmd.On("incognito", false) {
		c.db.disguise(cn)
	}
	cn.updated = c.db.net.now()
	return c.reply("connectionIncognitoUpdated", "toConnection", cn.pending(), "customUserProfile", incognitoProfile(cn))
}

// connectLink connects to a link that was planned.
func connectLink(c *call) (raw, error) {
	l := c.db.net.links[c.cmd.Text("link")]
	if l == nil || c.cmd.Text("link") == l.Short {
		return nil, errLink
	}
	if l.kind == 'c' {
		return nil, commandError("channel links must be connected via APIConnectPreparedGroup")
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
	if !p.proceed || l.kind == 'c' {
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
		return c.reply("sentConfirmation", "connection", cn.pending(), "customUserProfile", incognitoProfile(cn))
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
	return c.reply("sentInvitation", "connection", cn.pending(), "customUserProfile", incognitoProfile(cn))
}

// incognitoProfile is what users are shown of their own random profile.
func incognitoProfile(cn *conn) any {
	if cn.profile == nil {
		return nil
	}
	return cn.profile
}

// welcomeOf is the content of the automatic reply of an address.
func (a *address) welcomeOf() (msgContent, bool) {
	if a == nil || a.Settings.AutoReply == nil {
		return msgContent{}, false
	}
	m, err := readContent(json.RawMessage(a.Settings.AutoReply))
	return m, err == nil
}
