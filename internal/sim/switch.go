package sim

// switchCommands move a connection to another queue, and repair its keys.
var switchCommands = table{
	"APISwitchContact":      {run: switchContact},
	"APIAbortSwitchContact": {run: prohibited("abortConnectionSwitch")},
	"APISyncContactRatchet": {run: prohibited("synchronizeRatchet")},
}

// prohibited refuses what the state of a connection does not call for: a switch
// is complete when the command that began it returns, and keys never differ.
func prohibited(what string) func(*call) (raw, error) {
	return func(c *call) (raw, error) {
		if _, err := c.contact(c.cmd.Int("contactId")); err != nil {
			return nil, err
		}
		return nil, agentError("type", "CMD", "cmdErr", tag{"PROHIBITED"}, "errContext", what+": not allowed")
	}
}

// switchContact moves the queue that the contact sends to.
func switchContact(c *call) (raw, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	if !ct.connected() {
		return nil, chatError("contactNotActive", "contact", ct)
	}
	d, cn := c.db, ct.ActiveConn
	old := func(status string, abort bool) raw {
		return rcvQueue("active", "rcvSwitchStatus", status, "canAbortSwitch", abort)
	}
	started := cn.stats(old("switch_started", true))
	adding := cn.stats(old("sending_qadd", true), rcvQueue("new", "canAbortSwitch", false))
	using := cn.stats(old("sending_quse", false), rcvQueue("confirmed", "canAbortSwitch", false))
	d.net.post(d, func() {
		d.switched(ct, "rcv", "started", adding)
		cn.send(func(peer *conn) {
			p, pct := peer.db, peer.contact
			if pct == nil {
				return
			}
			p.switched(pct, "snd", "started", peer.sending("sending_qkey"))
			p.switched(pct, "snd", "confirmed", peer.sending("sending_qkey"))
			peer.send(func(*conn) {
				d.switched(ct, "rcv", "confirmed", adding)
				d.switched(ct, "rcv", "secured", using)
				cn.send(func(*conn) {
					p.switched(pct, "snd", "secured", peer.sending("sending_qtest"))
					p.switched(pct, "snd", "completed", peer.stats(rcvQueue("active", "canAbortSwitch", false)))
					peer.send(func(*conn) { d.switched(ct, "rcv", "completed", cn.stats(rcvQueue("active", "canAbortSwitch", false))) })
				})
			})
		})
	})
	return c.reply("contactSwitchStarted", "contact", ct, "connectionStats", started)
}

// switched tells how far a switch is, with an item at its begin and its end.
func (d *database) switched(ct *contact, direction, phase string, stats raw) {
	d.emit(ct.user, "contactSwitch", "contact", ct,
		"switchProgress", object("queueDirection", direction, "switchPhase", phase, "connectionStats", stats))
	if phase != "started" && phase != "completed" {
		return
	}
	event := tagged("switchQueue", "phase", phase)
	ours, theirs := "started changing address...", "started changing address for you..."
	if phase == "completed" {
		ours, theirs = "you changed address", "changed address for you"
	}
	info := ct.chat.info()
	var it *item
	if direction == "rcv" {
		it = d.internalItem(ct.chat, "directSnd", content{Type: "sndConnEvent", Detail: event}, ours)
	} else {
		it = d.internalItem(ct.chat, "directRcv", content{Type: "rcvConnEvent", Detail: event}, theirs)
		d.unread(it)
	}
	d.emitItems(ct.chat, info, it)
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
