package sim

import (
	"encoding/json"
	"strings"
)

// addressCommands are about the user's own address.
var addressCommands = table{
	"APICreateMyAddress":       forUser(createAddress),
	"APIDeleteMyAddress":       forUser(deleteAddress),
	"APIShowMyAddress":         forUser(showAddress).atAnyTime(),
	"APIAddMyAddressShortLink": forUser(showAddress).atAnyTime(),
	"APISetAddressSettings":    forUser(setAddressSettings).reading(func(c *call) error { _, err := c.readAddressSettings(); return err }),
}

// address is the link that contacts reach a user at.
type address struct {
	UserContactLinkID     int64           `json:"userContactLinkId"`
	ConnLink              connLink        `json:"connLinkContact"`
	ShortLinkDataSet      bool            `json:"shortLinkDataSet"`
	ShortLinkLargeDataSet bool            `json:"shortLinkLargeDataSet"`
	Settings              addressSettings `json:"addressSettings"`

	link        *link
	agentConnID string
	connID      int64
}

type autoAccept struct {
	AcceptIncognito bool `json:"acceptIncognito"`
}

type addressSettings struct {
	BusinessAddress bool            `json:"businessAddress"`
	AutoAccept      *autoAccept     `json:"autoAccept,omitempty"`
	AutoReply       json.RawMessage `json:"autoReply,omitempty"`
}

var errNoAddress = storeError("userContactLinkNotFound")

func createAddress(c *call) (raw, error) {
	u, d := c.user, c.db
	if u.address != nil {
		return nil, storeError("duplicateContactLink")
	}
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(u)
	kind := byte('a')
	if u.UserChatRelay {
		kind = 'r'
	}
	l := d.net.newLink(d, u, kind)
	u.address = &address{
		UserContactLinkID: d.next("link"), ConnLink: l.connLink, ShortLinkDataSet: true, ShortLinkLargeDataSet: true,
		link: l, agentConnID: d.net.agentID(), connID: d.next("conn"),
	}
	return c.reply("userContactLinkCreated", "connLinkContact", l.connLink)
}

func showAddress(c *call) (raw, error) {
	if c.user.address == nil {
		return nil, errNoAddress
	}
	return c.reply("userContactLink", "contactLink", c.user.address)
}

func deleteAddress(c *call) (raw, error) {
	u, d := c.user, c.db
	a := u.address
	if a == nil {
		return nil, errNoAddress
	}
	d.net.unlink(a.link)
	u.address = nil
	d.free("link", a.UserContactLinkID)
	d.free("conn", a.connID)
	for _, cn := range d.conns {
		if cn.user == u && cn.ViaUserContactLink == a.UserContactLinkID {
			cn.ViaUserContactLink = 0
		}
	}
	for _, r := range u.requests {
		if r.UserContactLinkID == a.UserContactLinkID {
			r.UserContactLinkID = 0
		}
	}
	if p := u.Profile.profile; p.ContactLink != "" {
		p.ContactLink = ""
		if _, err := c.setProfile(p); err != nil {
			return nil, err
		}
	}
	d.queuesDeleted([]string{a.agentConnID}, true)
	return c.reply("userContactLinkDeleted")
}

// readAddressSettings reads the settings in a command.
func (c *call) readAddressSettings() (s addressSettings, err error) {
	var has struct {
		BusinessAddress *bool
		AutoAccept      *struct{ AcceptIncognito *bool }
	}
	if c.decode("settings", &s) != nil || c.decode("settings", &has) != nil || has.BusinessAddress == nil ||
		has.AutoAccept != nil && has.AutoAccept.AcceptIncognito == nil {
		return s, errSyntax
	}
	if s.AutoReply != nil {
		m, err := readContent(s.AutoReply)
		if err != nil {
			return s, err
		}
		s.AutoReply = json.RawMessage(m.raw)
	}
	return s, nil
}

func setAddressSettings(c *call) (raw, error) {
	s, err := c.readAddressSettings()
	if err != nil {
		return nil, err
	}
	a := c.user.address
	switch {
	case a == nil:
		return nil, errNoAddress
	case s.AutoAccept != nil && s.AutoAccept.AcceptIncognito:
		return nil, commandError("incognito not allowed for address with short link data")
	}
	if string(encode(a.Settings)) != string(encode(s)) {
		if err := c.db.needServer(); err != nil {
			return nil, err
		}
	}
	a.Settings = s
	shown := *c.user.address
	shown.ConnLink.Short = strings.Replace(shown.ConnLink.Short, "/r#", "/a#", 1) // a relay's is shown so here
	return c.reply("userContactLinkUpdated", "contactLink", shown)
}

// queuesDeleted tells that connections are gone, first at the server, if they
// had a queue there.
func (d *database) queuesDeleted(ids []string, atServer bool) {
	if len(ids) == 0 {
		return
	}
	if atServer {
		type queue struct {
			AgentConnID  string `json:"agentConnId"`
			Server       string `json:"server"`
			AgentQueueID string `json:"agentQueueId"`
		}
		queues := make([]queue, len(ids))
		for i, id := range ids {
			queues[i] = queue{id, serverAddress, d.net.key(24)}
		}
		d.event(result("agentRcvQueuesDeleted", "deletedRcvQueues", queues))
	}
	d.event(result("agentConnsDeleted", "agentConnIds", ids))
}

// refused is what the machine says when nobody listens.
const refused = "Network.Socket.connect: <socket: 12>: does not exist (Connection refused)"
