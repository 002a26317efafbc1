package sim

// accept connects to the one who asked. auto is when nobody was asked.
func (d *database) accept(r *contactRequest, auto bool) *contact {
	u, ct, from := r.contact.user, r.contact, r.from
	cn := d.acceptedConn(r)
	cn.peer, from.peer = from, cn
	d.bind(ct, cn)
	ct.request = nil
	p := u.sentTo(cn)
	confirm := func(post func(*database, func())) {
		post(from.db, func() {
			if !from.deleted {
				from.db.accepted(from, p)
			}
		})
	}
	if !auto {
		cn.status("sndReady")
		confirm(d.net.post)
		return ct
	}
	d.emit(u, "acceptingContactRequest", "contact", ct)
	d.net.later(d, func() {
		if cn.deleted {
			return
		}
		cn.status("sndReady")
		d.emit(u, "contactSndReady", "contact", ct)
		confirm(d.net.later)
		cn.release()
		d.welcome(r)
	})
	return ct
}

// acceptedConn is the connection to somebody who asked.
func (d *database) acceptedConn(r *contactRequest) *conn {
	cn := d.newConn(r.contact.user, "new")
	cn.ViaUserContactLink = r.UserContactLinkID
	cn.agree(r.from.db)
	return cn
}

// infoReceived takes in the whole profile of a contact that is being connected.
func (d *database) infoReceived(ct *contact, p profile) {
	if ct == nil || string(encode(ct.Profile.profile)) == string(encode(p)) {
		return
	}
	from := encode(ct)
	ct.Profile.profile = p
	ct.refresh()
	d.emit(ct.user, "newChatItems", "chatItems", []raw{})
	d.emit(ct.user, "contactUpdated", "fromContact", from, "toContact", ct)
}

// welcome sends the automatic reply, unless it was seen before asking.
func (d *database) welcome(r *contactRequest) {
	ct := r.contact
	m, ok := ct.user.address.welcomeOf()
	if !ok || r.WelcomeSharedMsgID != "" {
		return
	}
	out := outgoing{chat: ct.chat, msgs: []composed{{content: m}}}
	info := ct.chat.info()
	items := out.items(direction{Type: "directSnd"})
	d.emitItems(ct.chat, info, items...)
	ct.ActiveConn.sendsPQ()
	d.postDirect(ct, items)
	r.from.withWelcome = 1
}

// accepted is when the one who asked learns of it.
func (d *database) accepted(cn *conn, p profile) {
	cn.agree(cn.peer.db)
	cn.status("requested")
	if cn.contact == nil {
		ct := d.newContact(cn.user, p)
		d.bind(ct, cn)
		d.emit(cn.user, "contactConnecting", "contact", ct)
	} else {
		d.updatePrepared(cn.contact, p)
		cn.contact.UpdatedAt = d.net.now()
	}
	cn.status("accepted")
	cn.confirm(cn.withWelcome)
	peer := cn.peer
	mine := cn.user.sentTo(cn)
	d.net.post(peer.db, func() {
		if peer.deleted {
			return
		}
		peer.db.infoReceived(peer.contact, mine)
		d.net.post(cn.db, func() {
			if cn.deleted {
				return
			}
			cn.db.welcomeSeen(cn.contact)
			cn.db.complete(cn)
			d.net.post(peer.db, func() {
				if !peer.deleted {
					peer.db.complete(peer)
					peer.release()
				}
			})
			cn.release()
		})
	})
}
