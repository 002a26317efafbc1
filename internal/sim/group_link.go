package sim

// groupLinkCommands are about links that people join a group by.
var groupLinkCommands = table{
	"APICreateGroupLink":     {run: createGroupLink},
	"APIGetGroupLink":        {run: getGroupLink},
	"APIGroupLinkMemberRole": {run: groupLinkRole},
	"APIAddGroupShortLink":   {run: getGroupLink}, // all links here have a short form
	"APIDeleteGroupLink":     {run: deleteGroupLink},
}

// groupLink is the link of a group.
type groupLink struct {
	UserContactLinkID     int64    `json:"userContactLinkId"`
	ConnLink              connLink `json:"connLinkContact"`
	ShortLinkDataSet      bool     `json:"shortLinkDataSet"`
	ShortLinkLargeDataSet bool     `json:"shortLinkLargeDataSet"`
	GroupLinkID           string   `json:"groupLinkId"`
	AcceptMemberRole      string   `json:"acceptMemberRole"`

	link        *link
	agentConnID string
	connID      int64
}

// linkOf finds the link of the group that a command names.
func (c *call) linkOf() (*group, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	if g.link == nil {
		return nil, storeError("groupLinkNotFound", "groupInfo", g)
	}
	return g, nil
}

func (c *call) linkReply(tag string, g *group) (raw, error) {
	return c.reply(tag, "groupInfo", g, "groupLink", g.link)
}

// initialRole refuses roles that nobody may join with.
func (c *call) initialRole(g *group) (string, error) {
	role := c.cmd.Text("memberRole")
	if roleRank[role] > roleRank["member"] {
		return "", chatError("groupMemberInitialRole", "groupInfo", g, "initialRole", role)
	}
	return role, nil
}

func createGroupLink(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	if err := g.requireRole("admin"); err != nil {
		return nil, err
	}
	role, err := c.initialRole(g)
	if err != nil {
		return nil, err
	}
	d := c.db
	if err := d.needServer(); err != nil {
		return nil, err
	}
	if g.link != nil {
		return nil, storeError("duplicateGroupLink", "groupInfo", g)
	}
	d.connected(c.user)
	l := d.net.newLink(d, c.user, 'g')
	l.group = g
	g.link = &groupLink{
		UserContactLinkID: d.next("link"), ConnLink: l.connLink, ShortLinkDataSet: true, ShortLinkLargeDataSet: true,
		GroupLinkID: d.net.key(12), AcceptMemberRole: role, link: l, agentConnID: d.net.agentID(), connID: d.next("conn"),
	}
	return c.linkReply("groupLinkCreated", g)
}

func getGroupLink(c *call) (raw, error) {
	g, err := c.linkOf()
	if err != nil {
		return nil, err
	}
	return c.linkReply("groupLink", g)
}

func groupLinkRole(c *call) (raw, error) {
	g, err := c.linkOf()
	if err != nil {
		return nil, err
	}
	if err := g.requireRole("admin"); err != nil {
		return nil, err
	}
	role, err := c.initialRole(g)
	if err != nil {
		return nil, err
	}
	g.link.AcceptMemberRole = role
	return c.linkReply("groupLink", g)
}

func deleteGroupLink(c *call) (raw, error) {
	g, err := c.linkOf()
	if err != nil {
		return nil, err
	}
	d, l := c.db, g.link
	d.net.unlink(l.link)
	g.link = nil
	d.free("link", l.UserContactLinkID)
	d.free("conn", l.connID)
	d.queuesDeleted([]string{l.agentConnID}, true)
	return c.reply("groupLinkDeleted", "groupInfo", g)
}

// groupPlan tells what can be done with the link of a group.
func (c *call) groupPlan(l *link, isShort, own bool) plan {
	wrap := func(p raw, proceed bool, g *group) plan {
		return plan{tagged("groupLink", "groupLinkPlan", p), proceed, nil, g}
	}
	if own {
		return wrap(tagged("ownLink", "groupInfo", l.group), false, l.group)
	}
	for _, g := range c.user.groups {
		if g.viaLink != l || g.Membership.gone() {
			continue
		}
		if g.Membership.current() && g.Membership.MemberStatus != "accepted" || g.PreparedGroup != nil && !g.PreparedGroup.Started {
			return wrap(tagged("known", "groupInfo", g, "groupUpdated", false, "linkOwners", []int{}), false, g)
		}
		return wrap(tagged("connectingProhibit", "groupInfo_", g), false, g)
	}
	if cn := c.connByLink(l); cn != nil && cn.member == nil {
		return wrap(tagged("connectingConfirmReconnect"), true, nil)
	}
	var info, data any
	switch {
	case isShort && l.kind == 'c':
		info, data = l.channelPlan()
	case isShort:
		info = object("direct", true, "groupRelays", []int{})
		data = object("groupProfile", l.group.GroupProfile)
	}
	return wrap(tagged("ok", "groupSLinkInfo_", info, "groupSLinkData_", data), true, nil)
}
