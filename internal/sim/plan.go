package sim

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
	l, isShort, err := c.db.find(text)
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
	case 'g', 'c':
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

// businessByLink finds the business chat that came of an address.
func (c *call) businessByLink(l *link) *group {
	for _, g := range c.user.groups {
		if g.viaLink == l && !g.Membership.gone() {
			return g
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
	if g := c.businessByLink(l); g != nil {
		return plan{tagged("groupLink", "groupLinkPlan", tagged("known", "groupInfo", g, "groupUpdated", false, "linkOwners", []int{})), false, nil, g}
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
