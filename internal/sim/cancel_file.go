package sim

import "os"

func cancelFile(c *call) (raw, error) {
	d, id := c.db, c.cmd.Int("fileId")
	f := d.files[id]
	if f == nil || f.item.chat.user != c.user {
		return nil, storeError("fileNotFound", "fileId", id)
	}
	it := f.item
	refuse := func(why string) (raw, error) {
		return nil, chatError("fileCancel", "fileId", id, "message", why)
	}
	if f.cancelled {
		return refuse("file already cancelled")
	}
	if !f.sent {
		if it.File.FileStatus.Type == "rcvComplete" {
			return refuse("file transfer is complete")
		}
		shown := f.transfer()
		if f.started {
			id := f.agentID
			d.net.post(d, func() { // the agent brings a part of it all the same
				d.xftpConnected(it.chat.user)
				d.event(object("error", storeError("rcvFileNotFoundXFTP", "agentRcvFileId", id).(*apiError).body))
			})
		}
		if f.accepted {
			_ = os.Remove(f.place) // may be gone already
		}
		f.accepted, f.started = false, false
		it.File.FileStatus = fileStatus{Type: "rcvInvitation"}
		f.agentID = d.net.agentID() // of the next attempt
		return c.reply("rcvFileCancelled", "chatItem_", entry(it.chat.info(), it), "rcvFileTransfer", shown)
	}
	f.cancelled, f.offer.upload.gone = true, true
	meta, transfers := f.meta(), f.transfers()
	it.File.FileStatus = fileStatus{Type: "sndCancelled"}
	if err := it.chat.unheard(); err != nil { // it is cancelled all the same
		return nil, err
	}
	d.tellPeers(it, func(p *database, x *item) { p.cancelledBySender(x.file) })
	return c.reply("sndFileCancelled", "chatItem_", entry(it.chat.info(), it), "fileTransferMeta", meta, "sndFileTransfers", transfers)
}

// unheard is the error of a chat where nobody can be told anything.
func (ch *chat) unheard() error {
	switch {
	case ch.contact != nil:
		return ch.contact.sendable()
	case ch.group != nil:
		_, err := ch.audience()
		return err
	}
	return nil
}

// ended tells whether nothing is left to be done for a file.
func (f *file) ended() bool {
	switch f.item.File.FileStatus.Type {
	case "sndStored", "sndTransfer", "rcvInvitation", "rcvAccepted", "rcvTransfer":
		return false
	}
	return true
}

// abandon ends the transfer of a file without a word to anybody.
func (f *file) abandon() {
	if f.ended() {
		return
	}
	f.cancelled, f.started = true, false
	kind := "rcvCancelled"
	if f.sent {
		kind, f.offer.upload.gone = "sndCancelled", true
	}
	f.item.File.FileStatus = fileStatus{Type: kind}
}

// abandonFiles ends all transfers of a chat.
func (ch *chat) abandonFiles() {
	for _, it := range ch.items {
		it.abandonFile()
	}
}

// abandonFile ends the transfer of the item's file, if it has one.
func (it *item) abandonFile() {
	if it.file != nil {
		it.file.abandon()
	}
}

// transfers are the deliveries of a sent file.
func (f *file) transfers() []raw {
	info := f.item.File
	status := "new"
	if f.offer.upload.ready {
		status = "complete"
	}
	list := []raw{}
	for i, cn := range f.item.chat.fileConns() {
		if i < len(f.descrs) {
			list = append(list, object("fileId", info.FileID, "fileName", info.FileName, "filePath", info.FileSource.FilePath,
				"fileSize", info.FileSize, "chunkSize", fileChunkInfo, "recipientDisplayName", cn.name(), "connId", cn.ConnID,
				"agentConnId", cn.AgentConnID, "fileStatus", status, "fileDescrId", f.descrs[i]))
		}
	}
	return list
}

// name is what the user calls the one at the other end.
func (c *conn) name() string {
	switch {
	case c.contact != nil:
		return c.contact.LocalDisplayName
	case c.member != nil:
		return c.member.LocalDisplayName
	}
	return ""
}

// cancelledBySender is when the sender cancels an offered file.
func (d *database) cancelledBySender(f *file) {
	if f.cancelled || f.item.File.FileStatus.Type == "rcvComplete" {
		return
	}
	it := f.item
	defer func() { f.cancelled = true }()
	it.File.FileStatus = fileStatus{Type: "rcvCancelled"}
	d.emit(it.chat.user, "rcvFileSndCancelled", "chatItem", entry(it.chat.info(), it), "rcvFileTransfer", f.transfer())
}
