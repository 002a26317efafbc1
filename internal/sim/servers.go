package sim

import (
	"fmt"
	"slices"
	"strings"
)

// serverCommands are about the servers that a user has queues and files on.
// Those of operators are known by name only: they can't be reached from here.
var serverCommands = table{
	"APIGetUserServers":   forUser(func(c *call) (raw, error) { return c.listServers("smp", "xftp", "relays") }),
	"APISetUserServers":   forUser(setServers),
	"APIValidateServers":  forUser(validateServers),
	"APITestProtoServer":  forUser(testServer),
	"GetUserProtoServers": {run: func(c *call) (raw, error) { return c.listServers(c.cmd.Prefix[1:]) }},
	"SetUserProtoServers": {run: setOwnServers},
}

// userServer is a server that a user may use.
type userServer struct {
	ServerID int64  `json:"serverId"`
	Server   string `json:"server"`
	Preset   bool   `json:"preset"`
	Tested   *bool  `json:"tested,omitempty"`
	Enabled  bool   `json:"enabled"`
	Deleted  bool   `json:"deleted"`

	operator int64 // whose it is, 0 for the user's own
}

func (s *userServer) protocol() string {
	name, _, _ := strings.Cut(s.Server, "://")
	return name
}

// serverGroup are the servers and relays of one operator, or the user's own, as
// commands have them.
type serverGroup struct {
	Operator *struct {
		OperatorID int64 `json:"operatorId"`
		Enabled    bool  `json:"enabled"`
	} `json:"operator"`
	SMP    []*userServer `json:"smpServers"`
	XFTP   []*userServer `json:"xftpServers"`
	Relays []*chatRelay  `json:"chatRelays"`
}

// serversOf are the servers of a user, which has the simulated ones to begin with.
func (d *database) serversOf(u *user) []*userServer {
	if u.servers == nil {
		for _, address := range []string{serverAddress, xftpAddress} {
			u.servers = append(u.servers, &userServer{ServerID: d.next("server"), Server: address, Enabled: true})
		}
	}
	return u.servers
}

// listServers answers with all that is asked for, by operator.
func (c *call) listServers(kinds ...string) (raw, error) {
	group := func(operator any, id int64, relays []*chatRelay) raw {
		lists := map[string][]*userServer{"smp": {}, "xftp": {}}
		for _, s := range c.db.serversOf(c.user) {
			if p := s.protocol(); s.operator == id && slices.Contains(kinds, p) {
				lists[p] = append(lists[p], s)
			}
		}
		return object("operator", operator, "smpServers", lists["smp"], "xftpServers", lists["xftp"], "chatRelays", relays)
	}
	preset, own := []*chatRelay{}, []*chatRelay{}
	if slices.Contains(kinds, "relays") {
		for _, r := range c.db.relaysOf(c.user) {
			if r.Preset {
				preset = append(preset, r)
			} else {
				own = append(own, r)
			}
		}
		if len(preset) > 1 {
			preset[0], preset[1] = preset[1], preset[0] // as the core gives them
		}
	}
	var groups []raw
	for _, op := range c.db.operatorList() {
		groups = append(groups, group(op.json(c.db.v7), op.id, preset))
		preset = []*chatRelay{} // the first operator has them
	}
	return c.reply("userServers", "userServers", append(groups, group(nil, 0, own)))
}

// readGroups reads servers in a command.
func (c *call) readGroups() (groups []serverGroup, err error) {
	if err := c.decode("servers", &groups); err != nil {
		return nil, err
	}
	for _, g := range groups {
		for _, s := range append(slices.Clone(g.SMP), g.XFTP...) {
			if s == nil || !validServer(s.Server) {
				return nil, errSyntax
			}
			if g.Operator != nil {
				s.operator = g.Operator.OperatorID
			}
		}
	}
	return groups, nil
}

// validServer tells whether a text is the address of a server: smp://KEY@HOST.
func validServer(text string) bool {
	rest, smp := strings.CutPrefix(text, "smp://")
	rest, xftp := strings.CutPrefix(rest, "xftp://")
	key, host, ok := strings.Cut(rest, "@")
	return smp != xftp && ok && key != "" && host != ""
}

// problems are what is wrong with servers, and what may be.
func (d *database) problems(groups []serverGroup) (errs, warnings []raw) {
	errs, warnings = []raw{}, []raw{}
	relays, seen := 0, map[string]bool{}
	storage, proxy := map[string]bool{}, map[string]bool{}
	for _, g := range groups {
		canStore, canProxy := true, true
		if g.Operator != nil {
			if !g.Operator.Enabled {
				continue
			}
			if op := d.operator(g.Operator.OperatorID); op != nil {
				canStore, canProxy = op.storage, true
			}
		}
		for _, s := range append(slices.Clone(g.SMP), g.XFTP...) {
			if s.Deleted {
				continue
			}
			p := s.protocol()
			if seen[s.Server] {
				_, host, _ := strings.Cut(s.Server, "@")
				errs = append(errs, tagged("duplicateServer", "protocol", p, "duplicateServer", s.Server, "duplicateHost", host))
			}
			seen[s.Server] = true
			if s.Enabled {
				storage[p], proxy[p] = storage[p] || canStore, proxy[p] || canProxy
			}
		}
		for _, r := range g.Relays {
			if r.Enabled && !r.Deleted {
				relays++
			}
		}
	}
	for _, p := range []string{"smp", "xftp"} {
		switch {
		case !proxy[p]:
			errs = append(errs, tagged("noServers", "protocol", p))
		case !storage[p]:
			errs = append(errs, tagged("storageMissing", "protocol", p))
		}
	}
	if relays == 0 {
		warnings = append(warnings, tag{"noChatRelays"}.json())
	}
	if d.v7 && !proxy["smp"] {
		warnings = append(warnings, tag{"noNamesServers"}.json())
	}
	return errs, warnings
}

func (t tag) json() raw { return tagged(t.Type) }

func validateServers(c *call) (raw, error) {
	groups, err := c.readGroups()
	if err != nil {
		return nil, err
	}
	errs, warnings := c.db.problems(groups)
	return c.reply("userServersValidation", "serverErrors", errs, "serverWarnings", warnings)
}

// setServers replaces the servers and relays that a command names; those that it
// leaves out stay.
func setServers(c *call) (raw, error) {
	groups, err := c.readGroups()
	if err != nil {
		return nil, err
	}
	if errs, _ := c.db.problems(groups); len(errs) > 0 {
		return nil, commandError(fmt.Sprintf("user servers validation error(s): %s", encode(errs)))
	}
	for _, g := range groups {
		for _, s := range append(slices.Clone(g.SMP), g.XFTP...) {
			c.db.setServer(c.user, s)
		}
		for _, r := range g.Relays {
			for _, known := range c.db.relaysOf(c.user) {
				if known.ChatRelayID == r.ChatRelayID {
					known.Enabled = r.Enabled && !r.Deleted
				}
			}
		}
	}
	return result("cmdOk"), nil
}

// setServer adds, changes or deletes one server.
func (d *database) setServer(u *user, s *userServer) {
	servers := d.serversOf(u)
	i := slices.IndexFunc(servers, func(x *userServer) bool { return x.ServerID == s.ServerID })
	switch {
	case i >= 0 && s.Deleted:
		u.servers = slices.Delete(servers, i, i+1)
		d.free("server", s.ServerID)
	case i >= 0:
		servers[i] = s
	case !s.Deleted:
		s.ServerID = d.next("server")
		u.servers = append(servers, s)
	}
}

// setOwnServers replaces the user's own servers of one kind.
func setOwnServers(c *call) (raw, error) {
	address, kind := c.cmd.Text("servers"), c.cmd.Prefix[1:]
	if !validServer(address) || !strings.HasPrefix(address, kind+":") {
		return nil, errSyntax
	}
	for _, s := range slices.Clone(c.db.serversOf(c.user)) {
		if s.operator == 0 && s.protocol() == kind {
			gone := *s
			gone.Deleted = true
			c.db.setServer(c.user, &gone)
		}
	}
	c.db.setServer(c.user, &userServer{Server: address, Enabled: true})
	return result("cmdOk"), nil
}
