package sim

// switchCommands move a connection to another queue, and repair its keys.
var switchCommands = table{
	"APISwitchContact":      {run: switchContact},
	"APISwitchGroupMember":  {run: switchMember},
	"APIAbortSwitchContact": {run: prohibited("abortConnectionSwitch")},
	"APISyncContactRatchet": {run: prohibited("synchronizeRatchet")},
}

// prohibited refuses what the state of a connection does not call for: a switch
// is complete when the command that began it returns, and keys never differ.
func prohibited(what string) func(*call) (raw, error) {
	return func(c *call) (raw, error) {
		if _, err := c.coded(); err != nil {
			return nil, err
		}
		return nil, agentError("type", "CMD", "cmdErr", tag{"PROHIBITED"}, "errContext", what+": not allowed")
	}
}

func switchContact(c *call) (raw, error) {
	ct, err := c.coded()
	if err != nil {
		return nil, err
	}
	if !ct.connected() {
		return nil, chatError("contactNotActive", "contact", ct)
	}
	return c.reply("contactSwitchStarted", "contact", ct, "connectionStats", ct.ActiveConn.switchQueue())
}

func switchMember(c *call) (raw, error) {
	m, err := c.codedMember()
	switch {
	case err != nil:
		return nil, err
	case !m.reachable() || m.gone():
		return nil, chatError("groupMemberNotActive")
	}
	return c.reply("groupMemberSwitchStarted", "groupInfo", m.group, "member", m, "connectionStats", m.ActiveConn.switchQueue())
}

// switchQueue moves the queue that the peer sends to, and returns the stats that
// the switch begins with.
func (c *conn) switchQueue() (started raw) {
	old := func(status string, abort bool) raw {
		return rcvQueue("active", "rcvSwitchStatus", status, "canAbortSwitch", abort)
	}
	started = c.stats(old("switch_started", true))
	adding := c.stats(old("sending_qadd", true), rcvQueue("new", "canAbortSwitch", false))
	using := c.stats(old("sending_quse", false), rcvQueue("confirmed", "canAbortSwitch", false))
	c.db.net.post(c.db, func() {
		c.switched("rcv", "started", adding)
		c.send(func(peer *conn) {
			peer.switched("snd", "started", peer.sending("sending_qkey"))
			peer.switched("snd", "confirmed", peer.sending("sending_qkey"))
			peer.send(func(*conn) {
				c.switched("rcv", "confirmed", adding)
				c.switched("rcv", "secured", using)
				c.send(func(*conn) {
					peer.switched("snd", "secured", peer.sending("sending_qtest"))
					peer.switched("snd", "completed", peer.stats(rcvQueue("active", "canAbortSwitch", false)))
					peer.send(func(*conn) { c.switched("rcv", "completed", c.stats(rcvQueue("active", "canAbortSwitch", false))) })
				})
			})
		})
	})
	return started
}

// switched tells how far a switch is, with an item at its begin and its end.
func (c *conn) switched(queue, phase string, stats raw) {
	d := c.db
	progress := object("queueDirection", queue, "switchPhase", phase, "connectionStats", stats)
	var ch *chat
	var who string // whom a change is for, where there are several
	ours, theirs := direction{Type: "directSnd"}, direction{Type: "directRcv"}
	var ref any
	switch {
	case c.contact != nil:
		d.emit(c.user, "contactSwitch", "contact", c.contact, "switchProgress", progress)
		ch = c.contact.chat
	case c.member != nil:
		m := c.member
		d.emit(c.user, "groupMemberSwitch", "groupInfo", m.group, "member", m, "switchProgress", progress)
		ch, who = m.newsChat(), " for "+m.MemberProfile.DisplayName
		ours, theirs = direction{Type: "groupSnd"}, m.from()
		ref = object("groupMemberId", m.GroupMemberID, "profile", m.MemberProfile.profile)
	}
	if ch == nil || phase != "started" && phase != "completed" {
		return
	}
	info := ch.info()
	if queue == "rcv" {
		text := "started changing address" + who + "..."
		if phase == "completed" {
			text = "you changed address" + who
		}
		d.emitItems(ch, info, d.groupItem(ch, ours, content{Type: "sndConnEvent", Detail: tagged("switchQueue", "phase", phase, "member", ref)}, text))
		return
	}
	text := "started changing address for you..."
	if phase == "completed" {
		text = "changed address for you"
	}
	it := d.groupItem(ch, theirs, content{Type: "rcvConnEvent", Detail: tagged("switchQueue", "phase", phase)}, text)
	it.author = c.member
	d.unread(it)
	d.emitItems(ch, info, it)
}

// stats are the agent's of a connection with these queues to receive by.
func (c *conn) stats(receive ...raw) raw {
	return statsOf(receive, []raw{sndQueue(c.sendStatus())})
}

// sending are stats while the peer moves the queue that is sent to.
func (c *conn) sending(status string) raw {
	return statsOf([]raw{rcvQueue("active", "canAbortSwitch", false)},
		[]raw{sndQueue("active", "sndSwitchStatus", status), sndQueue("new")})
}

// sendStatus is the state of the queue that is sent to: the one who was asked
// last only ever learns that it was confirmed.
func (c *conn) sendStatus() string {
	if c.XContactID != "" || c.link != nil {
		return "active"
	}
	return "confirmed"
}

func statsOf(receive, send []raw) raw {
	return object("connAgentVersion", 7, "rcvQueuesInfo", receive, "sndQueuesInfo", send,
		"ratchetSyncState", "ok", "ratchetSyncSupported", true, "subStatus", tag{"active"})
}

func rcvQueue(status string, pairs ...any) raw {
	return object(append([]any{"rcvServer", serverAddress, "status", status, "subStatus", tag{"active"}}, pairs...)...)
}

func sndQueue(status string, pairs ...any) raw {
	return object(append([]any{"sndServer", serverAddress, "status", status}, pairs...)...)
}
