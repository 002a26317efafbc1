package sim

// lifeCommands start and stop the controller.
var lifeCommands = table{
	"StartChat":          {run: startChat, early: true},
	"APIStopChat":        {run: stopChat, early: true, anonymous: true},
	"CheckChatRunning":   {run: checkRunning, early: true, anonymous: true},
	"ShowVersion":        {run: showVersion, early: true, anonymous: true},
	"APISetAppFilePaths": {run: setFilePaths, early: true, anonymous: true},
	"APISetEncryptLocalFiles": {run: func(c *call) (raw, error) {
		c.db.encrypt = c.cmd.On("onOff", false)
		return result("cmdOk"), nil
	}, early: true, anonymous: true},
	"ShowConnectionsDiff": {run: func(c *call) (raw, error) {
		return result("connectionsDiff", "showIds", c.cmd.On("showIds", false), "userIds", noDiff, "connIds", noDiff), nil
	}, early: true, anonymous: true},
}

// connectionsDiff says that the chat and the agent know the same connections.
var connectionsDiff = result("connectionsDiff", "userIds", noDiff, "connIds", noDiff)

var noDiff = object("missingIds", []int64{}, "extraIds", []int64{})

func startChat(c *call) (raw, error) {
	d := c.db
	if d.started {
		return result("chatRunning"), nil
	}
	if d.storeChanged {
		return nil, chatError("chatStoreChanged")
	}
	d.started = true
	if !d.everRun {
		d.everRun = true
		d.event(connectionsDiff)
	}
	d.receiveMarked()
	d.starts++
	start, ids := d.starts, map[*user][]string{}
	for _, u := range d.users {
		if known := d.connIDs(u); len(known) > 0 {
			ids[u] = known
		}
	}
	d.connecting = d.net.joinDelay > 0 && len(ids) > 0
	subscribe := func() {
		if d.starts == start {
			d.connecting = false
			d.subscribe(ids)
		}
	}
	if d.connecting {
		d.net.after(d.net.joinDelay/connectShare, subscribe)
	} else {
		subscribe()
	}
	return result("chatStarted"), nil
}

// connectShare is which part of the time of a join it takes to connect to the
// servers after a start.
const connectShare = 5

// subscribe connects the users to the servers, with what they had at the start,
// and lets their mail in.
func (d *database) subscribe(ids map[*user][]string) {
	for _, u := range d.usersByID() {
		if ids[u] != nil && !d.net.down["smp"] {
			d.connected(u)
			d.subscription("active", ids[u])
		}
	}
	d.collect()
	d.resumeFiles()
}

func stopChat(c *call) (raw, error) {
	c.db.stop()
	return result("chatStopped"), nil
}

func checkRunning(c *call) (raw, error) {
	if c.db.started {
		return result("chatRunning"), nil
	}
	return result("chatStopped"), nil
}

func showVersion(c *call) (raw, error) {
	version, agent := "6.5.1.1", "6.5.1.0"
	if c.db.v7 {
		version, agent = "7.0.0.6", "7.0.0.3"
	}
	return result("versionInfo",
		"versionInfo", object("version", version, "simplexmqVersion", agent, "simplexmqCommit", ""),
		"chatMigrations", []int{}, "agentMigrations", []int{}), nil
}

// folders are where files of an actor are; empty where nothing was said.
type folders struct {
	Files  string  `json:"appFilesFolder"`
	Temp   string  `json:"appTempFolder"`
	Assets string  `json:"appAssetsFolder"`
	Remote *string `json:"appRemoteHostsFolder"`
}

func setFilePaths(c *call) (raw, error) {
	var f folders
	if err := c.decode("paths", &f); err != nil {
		return nil, err
	}
	if f.Files == "" || f.Temp == "" || f.Assets == "" {
		return nil, errSyntax
	}
	c.db.folders = f
	return result("cmdOk"), nil
}

// usersByID lists the users in the order they were created.
func (d *database) usersByID() []*user {
	return sortedBy(d.users, func(u *user) int64 { return u.UserID })
}
