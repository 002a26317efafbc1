package sim

// joinInvitation answers a one-time invitation.
func (d *database) joinInvitation(u *user, l *link, incognito bool, seen connLink) *conn {
	cn := d.newConn(u, "sndReady")
	if incognito {
		d.disguise(cn)
	}
	cn.toLink = &seen
	l.gone = true
	inviter := l.conn
	p := u.sentTo(cn)
	d.net.post(inviter.db, func() {
		if inviter.deleted {
			return
		}
		id := inviter.db
		ct := id.confirmed(inviter, cn, p)
		inviter.status("requested")
		id.emit(inviter.user, "contactConnecting", "contact", ct)
		inviter.status("accepted")
		theirs := inviter.user.sentTo(inviter)
		d.net.post(cn.db, func() {
			if !cn.deleted {
				cn.db.joinerConfirmed(cn, theirs)
			}
		})
	})
	return cn
}

// joinerConfirmed is when the one who joined learns who invited.
func (d *database) joinerConfirmed(cn *conn, p profile) {
	cn.agree(cn.peer.db)
	if cn.contact == nil {
		ct := d.confirmed(cn, cn.peer, p)
		d.emit(cn.user, "contactConnecting", "contact", ct)
	} else {
		d.updatePrepared(cn.contact, p)
	}
	peer := cn.peer
	d.net.post(peer.db, func() {
		if peer.deleted {
			return
		}
		peer.db.complete(peer)
		d.net.post(cn.db, func() {
			if !cn.deleted {
				cn.db.complete(cn)
				cn.release()
			}
		})
		peer.release()
	})
}

// confirmed makes the contact of a connection whose peer is known now.
func (d *database) confirmed(cn, peer *conn, p profile) *contact {
	if cn.peer == nil {
		pairUp(cn, peer)
		peer.ConnChatVersion, peer.PeerChatVRange = initialVersion, unknownVersions
		if peer.contact != nil || peer.is("accepted") {
			peer.agree(d)
		}
	}
	ct := d.newContact(cn.user, p)
	d.bind(ct, cn)
	return ct
}

// bind gives a contact its connection.
func (d *database) bind(ct *contact, cn *conn) {
	cn.contact = ct
	cn.EntityID = ct.ContactID
	ct.ActiveConn = cn
	ct.refresh()
}

// complete is when a connection works in both directions: the contact is told
// as connected, and a chat that has nothing yet gets its first items.
func (d *database) complete(cn *conn) {
	ct := cn.contact
	cn.ready()
	if ct.Profile.Preferences == nil && ct.PreparedContact == nil {
		ct.refresh()
	}
	d.emit(cn.user, "contactConnected", "contact", ct, "userCustomProfile", incognitoProfile(cn))
	info := ct.chat.info()
	pq := !cn.classic
	switch {
	case ct.request != nil || ct.ContactRequestID != 0:
	case ct.PreparedContact != nil && ct.PreparedContact.UIConnLinkType == "inv": // said so when it was prepared
	case ct.PreparedContact != nil:
		d.emitItems(ct.chat, info, d.e2eeItem(ct.chat, &pq))
	default:
		if ct.chat.count() == 0 {
			d.emitItems(ct.chat, info, d.banner(ct.chat))
		}
		d.emitItems(ct.chat, info, d.e2eeItem(ct.chat, &pq))
		d.emitItems(ct.chat, info, d.enabledItems(ct)...)
	}
	if cn.ContactConnInitiated {
		d.probeMembers(ct)
		cn.ContactConnInitiated = false
	}
	if cn.classic {
		cn.PQSndEnabled, cn.PQRcvEnabled = nil, nil
	}
}
