package sim

import (
	"fmt"
	"strings"
)

// relayCommands are about the chat relays that a user has for channels.
var relayCommands = table{
	"GetUserChatRelays": {run: func(c *call) (raw, error) { return c.listServers("relays") }},
	"SetUserChatRelays": {run: setRelays},
	"APITestChatRelay":  forUser(testRelay),
}

// chatRelay is a relay that channels can be made with: another user's address.
type chatRelay struct {
	ChatRelayID  int64    `json:"chatRelayId"`
	Address      string   `json:"address"`
	RelayProfile profile  `json:"relayProfile"`
	Domains      []string `json:"domains"`
	Preset       bool     `json:"preset"`
	Enabled      bool     `json:"enabled"`
	Deleted      bool     `json:"deleted"`
}

// presetHosts are the servers of the relays that every user begins with. They
// can't be reached from here.
var presetHosts = []string{"smp5.simplex.im", "smp6.simplex.im", "smp4.simplex.im"}

// relaysOf are the relays of a user, which are made when they are asked for first.
func (d *database) relaysOf(u *user) []*chatRelay {
	if u.relays == nil {
		u.relays = d.newRelays()
	}
	return u.relays
}

// newRelays are those that every user begins with.
func (d *database) newRelays() []*chatRelay {
	relays := make([]*chatRelay, len(presetHosts))
	for i, host := range presetHosts {
		relays[i] = &chatRelay{
			ChatRelayID: d.next("relay"), Address: "https://" + host + "/r#" + d.net.rawKey(32),
			RelayProfile: profile{DisplayName: fmt.Sprintf("SimpleX Chat Relay %d", i+1), Image: teamPicture},
			Domains:      []string{"simplex.im"}, Preset: true,
		}
	}
	return relays
}

// host is where a relay's server is.
func (r *chatRelay) host() string {
	host, _, _ := strings.Cut(strings.TrimPrefix(r.Address, "https://"), "/")
	return host
}

// setRelays replaces the user's own relays: name=NAME LINK, one or more.
func setRelays(c *call) (raw, error) {
	fields := strings.Fields(c.cmd.Text("relays"))
	if len(fields) == 0 || len(fields)%2 != 0 {
		return nil, errSyntax
	}
	var own []*chatRelay
	for i := 0; i < len(fields); i += 2 {
		name, ok := strings.CutPrefix(fields[i], "name=")
		if !ok || !strings.Contains(fields[i+1], "/r#") {
			return nil, errSyntax
		}
		own = append(own, &chatRelay{Address: fields[i+1], RelayProfile: profile{DisplayName: name}, Domains: []string{""}, Enabled: true})
	}
	var relays []*chatRelay
	for _, r := range c.db.relaysOf(c.user) {
		if r.Preset {
			relays = append(relays, r)
		} else {
			c.db.free("relay", r.ChatRelayID)
		}
	}
	for _, r := range own {
		r.ChatRelayID = c.db.next("relay")
		relays = append(relays, r)
	}
	c.user.relays = relays
	return result("cmdOk"), nil
}

func testRelay(c *call) (raw, error) {
	d := c.db
	if err := d.needServer(); err != nil {
		return nil, err
	}
	d.connected(c.user)
	l, _, err := d.find(c.cmd.Text("relay"))
	if err == nil && l.gone {
		err = errAuth
	}
	if err != nil {
		return c.reply("chatRelayTestResult", "relayTestFailure", object("rtfStep", "getLink", "rtfError", err.(*apiError).body))
	}
	id := d.net.agentID()
	d.net.post(d, func() { d.queuesDeleted([]string{id}, true) }) // of the connection that was tried
	p := l.user.sentAsMember(nil)
	return c.reply("chatRelayTestResult", "relayProfile", p)
}

// reach finds the address of a relay.
func (d *database) reach(r *chatRelay) (*link, error) {
	if r.Preset {
		return nil, agentError("type", "BROKER", "brokerAddress", "smp://"+serverKey+"@"+r.host(),
			"brokerErr", object("type", "NETWORK", "networkError", object("type", "connectError", "connectError", unresolved(r.host(), "443"))))
	}
	l, _, err := d.find(r.Address)
	if err != nil {
		return nil, err
	}
	if l.gone || !l.user.UserChatRelay {
		return nil, errAuth
	}
	return l, nil
}

// unresolved is what the machine says of a name that it does not know.
func unresolved(host, port string) string {
	asked := "addrFlags = [], addrFamily = AF_UNSPEC, addrSocketType = Stream, addrProtocol = 0, addrAddress = 0.0.0.0:0, addrCanonName = Nothing"
	return fmt.Sprintf("Network.Socket.getAddrInfo (called with preferred socket type/protocol: AddrInfo {%s}, host name: Just %q, service name: Just %q)"+
		": does not exist (Temporary failure in name resolution)", asked, host, port)
}
