package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func receiveFile(c *call) (raw, error) {
	d := c.db
	f := d.files[c.cmd.Int("fileId")]
	if f == nil || f.item.chat.user != c.user {
		return nil, storeError("userNotFoundByFileId", "fileId", c.cmd.Int("fileId"))
	}
	if f.sent {
		return nil, chatError("fileAlreadyReceiving", "message", f.item.File.FileName)
	}
	if err := d.acceptFile(f, c.cmd.Text("filePath"), c.cmd.On("userApprovedRelays", false), c.cmd.On("storeEncrypted", d.encrypt)); err != nil {
		return nil, err
	}
	reply, _ := c.reply("rcvFileAccepted", "chatItem", entry(f.item.chat.info(), f.item))
	if f.descr {
		d.net.post(d, func() { d.download(f) })
	}
	return reply, nil
}

// acceptFile accepts an offered file and chooses its place.
func (d *database) acceptFile(f *file, path string, approved, encrypt bool) error {
	it := f.item
	switch {
	case f.cancelled || f.offer.upload.gone:
		return chatError("fileCancelled", "message", it.File.FileName)
	case f.accepted:
		return chatError("fileAlreadyReceiving", "message", it.File.FileName)
	}
	if path == "" {
		path = d.freeName(f.offer.name)
	}
	shown := d.filePath(path)
	if filepath.Dir(path) != "." { // chosen by the caller: it begins in the working folder
		shown = d.net.path(path)
	}
	w, err := os.OpenFile(shown, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return chatError("fileWrite", "filePath", path, "message", fileError(path, err))
	}
	_ = w.Close() // nothing was written
	src := &cryptoFile{FilePath: path}
	if encrypt {
		src.CryptoArgs = &cryptoArgs{FileKey: d.net.key(fileKeySize), FileNonce: d.net.key(fileNonceSize)}
	}
	f.accepted, f.approved, f.place = true, approved, shown
	it.File.FileSource = src
	it.File.FileStatus = fileStatus{Type: "rcvAccepted"}
	return nil
}

// freeName is a name that no file has: report.pdf, report_1.pdf.
func (d *database) freeName(name string) string {
	ext := filepath.Ext(name)
	base := strings.TrimSuffix(name, ext)
	free := name
	for i := 1; i < maxFileRenames; i++ {
		if _, err := os.Stat(d.filePath(free)); err != nil {
			break
		}
		free = fmt.Sprintf("%s_%d%s", base, i, ext)
	}
	if d.folders.Files != "" {
		_ = os.MkdirAll(d.filePath("."), 0o700) // the error shows when the file is written
	}
	return free
}

// download begins to receive a file.
func (d *database) download(f *file) {
	it := f.item
	if it.gone || f.cancelled || !f.accepted {
		return
	}
	f.started = true
	f.attempt++
	attempt := f.attempt
	zero, one := int64(0), int64(1)
	it.File.FileStatus = fileStatus{Type: "rcvTransfer", RcvProgress: &zero, RcvTotal: &one}
	u := it.chat.user
	d.emit(u, "rcvFileStart", "chatItem", entry(it.chat.info(), it))
	d.xftpConnected(u)
	d.net.later(d, func() {
		if f.started && f.attempt == attempt && !it.gone && !f.cancelled {
			d.fetch(f)
		}
	})
}

// fetch receives a file with its progress.
func (d *database) fetch(f *file) {
	it, up, u := f.item, f.offer.upload, f.item.chat.user
	var done int64
	size := total(up.chunks)
	for _, chunk := range up.chunks {
		done += chunk
		got, all := done, size
		it.File.FileStatus = fileStatus{Type: "rcvTransfer", RcvProgress: &got, RcvTotal: &all}
		d.emit(u, "rcvFileProgressXFTP", "chatItem_", entry(it.chat.info(), it), "receivedSize", got, "totalSize", all, "rcvFileTransfer", f.transfer())
	}
	data := up.data
	var err error
	if args := it.File.FileSource.CryptoArgs; args != nil {
		err = d.net.sealFile(f.place, data, *args)
	} else {
		err = os.WriteFile(f.place, data, 0o600)
	}
	if err != nil {
		it.File.FileStatus = fileStatus{Type: "rcvError"}
		d.emit(u, "rcvFileError", "chatItem_", entry(it.chat.info(), it), "agentError", tagged("FILE", "fileErr", tagged("FILE_IO", "fileIOError", err.Error())), "rcvFileTransfer", f.transfer())
		return
	}
	it.File.FileStatus = fileStatus{Type: "rcvComplete"}
	d.emit(u, "rcvFileComplete", "chatItem", entry(it.chat.info(), it))
}

func setToReceive(c *call) (raw, error) {
	d := c.db
	f := d.files[c.cmd.Int("fileId")]
	if f == nil || f.item.chat.user != c.user {
		return nil, storeError("userNotFoundByFileId", "fileId", c.cmd.Int("fileId"))
	}
	f.approved = c.cmd.On("userApprovedRelays", false)
	f.toReceive = &acceptance{c.cmd.On("userApprovedRelays", false), c.cmd.On("storeEncrypted", d.encrypt)}
	return result("cmdOk"), nil
}

func fileStatusCommand(c *call) (raw, error) {
	f := c.db.files[c.cmd.Int("fileId")]
	if f == nil || f.item.chat.user != c.user {
		return nil, storeError("fileNotFound", "fileId", c.cmd.Int("fileId"))
	}
	return result("fileTransferStatusXFTP", "data", []raw{c.user.json(), entry(f.item.chat.info(), f.item)}), nil
}

// receiveOffer gives an item a file that is offered.
func (d *database) receiveOffer(it *item, o *offer) {
	d.lastFile++
	it.File = &fileInfo{FileID: d.lastFile, FileName: o.name, FileSize: o.size, FileStatus: fileStatus{Type: "rcvInvitation"}, FileProtocol: "xftp"}
	f := &file{item: it, offer: o, agentID: d.net.agentID()}
	it.file = f
	d.files[it.File.FileID] = f
}

// offered is when the news of an offered file was told.
func (d *database) offered(it *item, o *offer) {
	if o != nil && o.upload.ready { // history: it was uploaded before
		d.described(it.file)
	}
}

// described is when the description of an offered file comes.
func (d *database) described(f *file) {
	if f.descr || f.cancelled {
		return
	}
	f.descr = true
	d.lastDescr++
	f.descrID = d.lastDescr
	it := f.item
	d.emit(it.chat.user, "rcvFileDescrReady", "chatItem", entry(it.chat.info(), it), "rcvFileTransfer", f.transfer(), "rcvFileDescr", f.descrJSON())
	if a := f.toReceive; a != nil && !f.accepted {
		f.toReceive = nil
		if err := d.acceptFile(f, "", a.approved, a.encrypt); err != nil {
			return
		}
	}
	if f.accepted {
		d.download(f)
	}
}
