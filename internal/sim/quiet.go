package sim

// quietCommands look into the machine where there is nothing to see: no calls,
// no notifications, no other devices, and nothing that takes long.
var quietCommands = table{
	"APIGetCallInvitations": {run: func(*call) (raw, error) { return result("callInvitations", "callInvitations", []int{}), nil }, early: true},
	"APIGetNtfToken": {run: func(*call) (raw, error) {
		return nil, agentError("type", "CMD", "cmdErr", tag{"PROHIBITED"}, "errContext", "getNtfToken")
	}, early: true},
	"ListRemoteHosts": {run: func(*call) (raw, error) { return result("remoteHostList", "remoteHosts", []int{}), nil }, early: true, anonymous: true},
	"ListRemoteCtrls": {run: func(*call) (raw, error) { return result("remoteCtrlList", "remoteCtrls", []int{}), nil }},
	"SlowSQLQueries": {run: func(*call) (raw, error) {
		return result("slowSQLQueries", "chatQueries", []int{}, "agentQueries", []int{}), nil
	}, early: true, anonymous: true},
	"DebugLocks": {run: func(*call) (raw, error) {
		none := struct{}{}
		return result("debugLocks", "chatEntityLocks", none, "agentLocks", object("connLocks", none, "invLocks", none)), nil
	}, early: true, anonymous: true},
	"ChatHelp":                  {run: help, early: true, anonymous: true},
	"GetAgentSubsTotal":         forUser(subsTotal),
	"SetContactMergeEnabled":    {run: setContactMerge, early: true, anonymous: true},
	"SetFilesFolder":            {run: setFolder(func(f *folders, path string) { f.Files = path }), early: true, anonymous: true},
	"SetTempFolder":             {run: setFolder(func(f *folders, path string) { f.Temp = path }), early: true, anonymous: true},
	"SetRemoteHostsFolder":      {run: setFolder(func(f *folders, path string) { f.Remote = &path }), early: true, anonymous: true},
	"APIAbortSwitchGroupMember": prohibitedOfMember("abortConnectionSwitch"),
	"APISyncGroupMemberRatchet": prohibitedOfMember("synchronizeRatchet"),
}

// helpSections are the sections of the help, by the words that ask for them.
var helpSections = map[string]string{
	"": "main", "files": "files", "file": "files", "groups": "groups", "group": "groups", "contacts": "contacts", "contact": "contacts",
	"address": "myAddress", "incognito": "incognito", "messages": "messages", "remote": "remote", "settings": "settings", "db": "database",
}

func help(c *call) (raw, error) {
	section, ok := helpSections[c.cmd.Text("section")]
	if !ok {
		return nil, errSyntax
	}
	return result("chatHelp", "helpSection", section), nil
}

// subsTotal counts the queues that the user listens to.
func subsTotal(c *call) (raw, error) {
	active, pending := len(c.db.connIDs(c.user)), 0
	if !c.user.online {
		active, pending = pending, active
	}
	return c.reply("agentSubsTotal", "subsTotal", object("ssActive", active, "ssPending", pending), "hasSession", c.user.online)
}

// setFolder makes the handler of one folder.
func setFolder(set func(*folders, string)) func(*call) (raw, error) {
	return func(c *call) (raw, error) {
		set(&c.db.folders, c.cmd.Text("filePath"))
		return result("cmdOk"), nil
	}
}

// prohibitedOfMember refuses what the connection of a member does not call for.
func prohibitedOfMember(what string) handler {
	return handler{run: func(c *call) (raw, error) {
		if _, err := c.codedMember(); err != nil {
			return nil, err
		}
		return nil, agentError("type", "CMD", "cmdErr", tag{"PROHIBITED"}, "errContext", what+": not allowed")
	}}
}
