package sim

import "strings"

// sevenCommands are known to version 7.0 only; version 6.5 can't read them.
var sevenCommands = table{
	"SetClientService":        {run: setClientService, early: true},
	"APISetUserDomain":        forUser(setDomain),
	"APIVerifyContactDomain":  {run: verifyDomain},
	"APIVerifyGroupDomain":    {run: unlessChannel("group has no name to verify", "APIVerifyGroupDomain")},
	"APISetPublicGroupAccess": {run: unlessChannel("not a public group", "APISetPublicGroupAccess")},
	"APIAddGroupRelays":       {run: addGroupRelays},
	"APIAllowRelayGroup": {run: func(c *call) (raw, error) {
		g, err := c.group(c.cmd.Int("groupId"))
		if err != nil {
			return nil, err
		}
		return c.reply("relayGroupAllowed", "groupInfo", g)
	}},
}

// errNoNames is what a message server of version 6.5 says to one who looks up a name.
var errNoNames = agentError("type", "BROKER", "brokerAddress", serverAddress,
	"brokerErr", object("type", "TRANSPORT", "transportErr", tag{"version"}))

// isName tells whether a text is a name that stands for a link: @alice.simplex.
func isName(text string) bool {
	name, scheme := strings.CutPrefix(text, "simplex:/name@")
	return strings.HasSuffix(name, ".simplex") && (scheme || name[0] == '@' || name[0] == '#')
}

// setClientService makes the user a service, or not; the chat has to be opened
// anew after it.
func setClientService(c *call) (raw, error) {
	if c.db.started {
		return nil, chatError("chatNotStopped")
	}
	u := c.db.users[c.cmd.Int("userId")]
	if u == nil || u.LocalDisplayName != c.cmd.Text("userName") {
		return nil, chatError("userUnknown")
	}
	on := c.cmd.On("onOff", false)
	u.ClientService, c.db.storeChanged = &on, true
	u.changed()
	return c.done()
}

func setDomain(c *call) (raw, error) {
	if c.cmd.Text("domain") == "" {
		return c.reply("userProfileNoChange")
	}
	return nil, errNoNames
}

func verifyDomain(c *call) (raw, error) {
	if _, err := c.contact(c.cmd.Int("contactId")); err != nil {
		return nil, err
	}
	return nil, commandError("contact has no name to verify")
}

// unlessChannel refuses groups that are no channels; for channels the command is
// not simulated.
func unlessChannel(why, name string) func(*call) (raw, error) {
	return func(c *call) (raw, error) {
		g, err := c.group(c.cmd.Int("groupId"))
		switch {
		case err != nil:
			return nil, err
		case !g.UseRelays:
			return nil, commandError(why)
		}
		return nil, notSimulated(name)
	}
}
