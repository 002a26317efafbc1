package sim

import "strings"

// testServer tries to reach a server.
func testServer(c *call) (raw, error) {
	address := c.cmd.Text("server")
	if !validServer(address) {
		return nil, errSyntax
	}
	var failure any
	if problem := c.db.net.unreachable(address); problem != nil {
		failure = object("testStep", "connect", "testError", problem)
	}
	return c.reply("serverTestResult", "testServer", address, "testFailure", failure)
}

// unreachable is why a server can't be reached, nil if it can.
func (n *Network) unreachable(address string) raw {
	kind, _, _ := strings.Cut(address, "://")
	ours := map[string]string{"smp": serverAddress, "xftp": xftpAddress}[kind]
	_, host, _ := strings.Cut(address, "@")
	_, ourHost, _ := strings.Cut(ours, "@")
	problem := tagged("connectError", "connectError", refused)
	switch {
	case n.down[kind]:
	case address == ours:
		return nil
	case host == ourHost: // it is there and has another key
		problem = tagged("unknownCAError")
	}
	return tagged("BROKER", "brokerAddress", address, "brokerErr", tagged("NETWORK", "networkError", problem))
}

// needServer is the error of commands that can't do without the message server,
// where it is away, or the user uses others only.
func (d *database) needServer() error {
	address := serverAddress
	if d.active != nil && d.active.servers != nil {
		for _, s := range d.active.servers {
			if s.protocol() != "smp" || !s.Enabled {
				continue
			}
			if address = s.Server; address == serverAddress {
				break
			}
		}
	}
	if problem := d.net.unreachable(address); problem != nil {
		return &apiError{tagged("errorAgent", "agentError", problem, "agentConnId", "")}
	}
	return nil
}
