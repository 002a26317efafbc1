package sim

// infoCommands show what is known of a chat.
var infoCommands = table{
	"APIContactInfo": {run: contactInfo},
	"APIGroupInfo":   {run: groupInfo},
}

func contactInfo(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	var mine any // the random profile that the contact knows
	if cn := ct.ActiveConn; cn != nil {
		mine = incognitoProfile(cn)
	}
	return c.reply("contactInfo", "contact", ct, "connectionStats_", connectionStats(ct.ActiveConn), "customUserProfile", mine)
}

func groupInfo(c *call) (raw, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	return c.reply("groupInfo", "groupInfo", g, "groupSummary", g.GroupSummary)
}

// connectionStats are the agent's, which has one server here.
func connectionStats(cn *conn) any {
	if cn == nil {
		return nil
	}
	return cn.stats(rcvQueue("active", "canAbortSwitch", false))
}
