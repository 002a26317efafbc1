package sim

// newConn adds a connection of the user.
func (d *database) newConn(u *user, status string) *conn {
	now := d.net.now()
	c := &conn{
		ConnID: d.next("conn"), AgentConnID: d.net.agentID(), ConnChatVersion: initialVersion, PeerChatVRange: unknownVersions,
		ConnType: "contact", ConnStatus: connStatus{status}, PQSupport: true, PQEncryption: true, CreatedAt: now,
		db: d, user: u, updated: now,
	}
	d.conns[c.ConnID] = c
	return c
}

// forgetConn removes a connection from the tables.
func (d *database) forgetConn(c *conn) {
	c.deleted = true
	delete(d.conns, c.ConnID)
	d.free("conn", c.ConnID)
	if c.CustomUserProfileID != 0 {
		d.free("profile", c.CustomUserProfileID)
	}
}

// join makes two connections the ends of one.
func pairUp(a, b *conn) {
	a.peer, b.peer = b, a
	a.agree(b.db)
	b.agree(a.db)
}

func (c *conn) status(s string) { c.ConnStatus.Type = s }

func (c *conn) is(s string) bool { return c.ConnStatus.Type == s }

// send posts a letter to the other end; until the connection can send, it is
// held. The letter is dropped when the other end was deleted.
func (c *conn) send(hand func(peer *conn)) { c.sendOr(hand, nil, false) }

// sendOr is send with what to do when the other end was deleted, for what may
// be a steady step. Without a connection, nothing is sent.
func (c *conn) sendOr(hand func(peer *conn), fail func(), steady bool) {
	if c == nil {
		return
	}
	post := func() {
		peer := c.peer
		if peer == nil {
			return
		}
		n := c.db.net
		arrive := func() {
			switch {
			case peer.deleted:
				if fail != nil {
					n.post(c.db, fail)
				}
			case peer.is("joined") || len(peer.early) > 0: // it has not learned of this end yet
				peer.early = append(peer.early, func() { hand(peer) })
			default:
				peer.hear(c.db)
				hand(peer)
			}
		}
		if late := n.travel(c); late > 0 {
			n.after(late, func() { n.postAs(peer.db, arrive, steady) })
			return
		}
		n.postAs(peer.db, arrive, steady)
	}
	if c.is("ready") || c.is("sndReady") {
		post()
	} else {
		c.held = append(c.held, post)
	}
}

// peerGone tells whether the other end was deleted.
func (c *conn) peerGone() bool { return c.peer != nil && c.peer.deleted }

// confirm hands over what came with the confirmation, ahead of what came later.
func (c *conn) confirm(count int) {
	count = min(count, len(c.early))
	early := c.early[:count]
	c.early = c.early[count:]
	for _, hand := range early {
		hand()
	}
}

// release posts what was held, and hands over what came early.
func (c *conn) release() {
	c.confirm(len(c.early))
	held := c.held
	c.held = nil
	for _, post := range held {
		post()
	}
}

// ready marks a connection as complete on this side.
func (c *conn) ready() {
	c.status("ready")
	if c.classic {
		c.PQSupport, c.PQEncryption = true, true
	}
	if c.PQSupport && c.ConnType == "contact" {
		pq := !c.classic
		c.PQSndEnabled, c.PQRcvEnabled = &pq, &pq
	}
}

// sendsPQ notes that a message was sent with quantum resistant encryption.
func (c *conn) sendsPQ() {
	if c.PQSndEnabled == nil && !c.classic {
		yes := true
		c.PQSndEnabled = &yes
		c.db.net.changed()
	}
}

// receivesPQ notes that one was received.
func (c *conn) receivesPQ() {
	if c.PQRcvEnabled == nil && !c.classic {
		yes := true
		c.PQRcvEnabled = &yes
		c.db.net.changed()
	}
}

// deleteConns removes connections without telling the peers.
func (d *database) deleteConns(u *user, conns []*conn) {
	var queues []string
	for _, c := range conns {
		d.forgetConn(c)
		if c.link != nil {
			d.net.unlink(c.link)
		}
		queues = append(queues, c.AgentConnID)
	}
	d.queuesDeleted(queues, true)
}
