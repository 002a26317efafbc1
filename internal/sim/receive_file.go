package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func receiveFile(c *call) (raw, error) {
	d := c.db
	f := d.files[c.cmd.Int("fileId")]
	if f == nil || f.item.chat.user != c.user {
		return nil, storeError("userNotFoundByFileId", "fileId", c.cmd.Int("fileId"))
	}
	if f.sent {
		return nil, storeError("rcvFileNotFound", "fileId", c.cmd.Int("fileId"))
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
	// An empty file takes the place at once. A relative path that the caller chose
	// begins in the working folder for it, and in the files folder for the file
	// that comes.
	var taken string
	if path == "" {
		path = d.freeName(f.offer.name)
		taken = d.filePath(path)
	} else {
		if info, err := os.Stat(d.net.path(path)); err == nil && info.IsDir() {
			path = firstFree(path, f.offer.name, d.net.path)
		} else if err == nil {
			return chatError("fileAlreadyExists", "filePath", path)
		}
		taken = d.net.path(path)
	}
	w, err := os.OpenFile(taken, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return chatError("fileWrite", "filePath", path, "message", fileError(path, err))
	}
	_ = w.Close() // nothing was written
	src := &cryptoFile{FilePath: path}
	if encrypt {
		src.CryptoArgs = &cryptoArgs{FileKey: d.net.key(fileKeySize), FileNonce: d.net.key(fileNonceSize)}
	}
	f.accepted, f.approved, f.place = true, approved, d.filePath(path)
	it.File.FileSource = src
	it.File.FileStatus = fileStatus{Type: "rcvAccepted"}
	return nil
}

// freeName is a name that no file has: report.pdf, report_1.pdf. Without a
// folder for files it is in the one for downloads, else in the temporary one.
func (d *database) freeName(name string) string {
	folder := ""
	if d.folders.Files == "" {
		folder = downloads()
	} else {
		_ = os.MkdirAll(d.filePath("."), 0o700) // the error shows when the file is written
	}
	return firstFree(folder, name, d.filePath)
}

// firstFree is a name in a folder that no file has; at is where a path lies.
func firstFree(folder, name string, at func(string) string) string {
	ext := filepath.Ext(name)
	base := strings.TrimSuffix(name, ext)
	free := filepath.Join(folder, name)
	for i := 1; i < maxFileRenames; i++ {
		if _, err := os.Stat(at(free)); err != nil {
			break
		}
		free = filepath.Join(folder, fmt.Sprintf("%s_%d%s", base, i, ext))
	}
	return free
}

// downloads is the folder of the person at this machine for what was received.
func downloads() string {
	if home, err := os.UserHomeDir(); err == nil {
		dir := filepath.Join(home, "Downloads")
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	return os.TempDir()
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
	d.emit(it.chat.user, "rcvFileStart", "chatItem", entry(it.chat.info(), it))
	f.retries = d.net.down["xftp"]
	d.net.later(d, func() {
		d.whenFiles(transfer{run: func() {
			if f.started && f.attempt == attempt && !it.gone && !f.cancelled {
				d.xftpConnected(it.chat.user)
				d.fetch(f)
			}
		}})
	})
}

// fetch receives a file with its progress.
func (d *database) fetch(f *file) {
	it, up, u := f.item, f.offer.upload, f.item.chat.user
	var done int64
	size := total(up.chunks)
	chunks := up.chunks
	if f.retries { // what failed waits longer than the rest
		chunks = append(slices.Clone(chunks[1:]), chunks[0])
	}
	for _, chunk := range chunks {
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
		it.File.FileStatus = fileStatus{Type: "rcvError", RcvError: otherFileError(err.Error())}
		d.emit(u, "rcvFileError", "chatItem_", entry(it.chat.info(), it), "agentError", tagged("FILE", "fileErr", tagged("FILE_IO", "fileIOError", err.Error())), "rcvFileTransfer", f.transfer())
		return
	}
	it.File.FileStatus = fileStatus{Type: "rcvComplete"}
	d.emit(u, "rcvFileComplete", "chatItem", entry(it.chat.info(), it))
}

func setToReceive(c *call) (raw, error) {
	d := c.db
	f := d.files[c.cmd.Int("fileId")]
	if f == nil || f.sent { // the core does not look
		return result("cmdOk"), nil
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

// receiveMarked accepts, after the start, files that were marked to be received
// when their description was there already.
func (d *database) receiveMarked() {
	for id := int64(1); id <= d.lastFile; id++ {
		f := d.files[id]
		if f == nil || f.toReceive == nil || !f.descr || f.accepted {
			continue
		}
		a := f.toReceive
		f.toReceive = nil
		if err := d.acceptFile(f, "", a.approved, a.encrypt); err != nil {
			continue // the file stays as it was offered
		}
		accepted := entry(f.item.chat.info(), f.item)
		d.download(f)
		d.emit(f.item.chat.user, "rcvFileAccepted", "chatItem", accepted)
	}
}

// refusesFile tells whether a message is dropped for its file: version 7.0 takes
// no empty ones.
func (d *database) refusesFile(o *offer) bool {
	if o == nil || o.size > 0 || !d.v7 {
		return false
	}
	d.event(object("error", chatError("fileSize", "filePath", o.name).(*apiError).body))
	return true
}

// receiveOffer gives an item a file that is offered.
func (d *database) receiveOffer(it *item, o *offer) {
	d.lastFile++
	it.File = &fileInfo{FileID: d.lastFile, FileName: o.name, FileSize: o.size, FileStatus: fileStatus{Type: "rcvInvitation"}, FileProtocol: "xftp"}
	d.lastDescr++
	f := &file{item: it, offer: o, agentID: d.net.agentID(), descrID: d.lastDescr}
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
	it := f.item
	d.emit(it.chat.user, "rcvFileDescrReady", "chatItem", entry(it.chat.info(), it), "rcvFileTransfer", f.transfer(), "rcvFileDescr", f.descrJSON())
	if f.accepted {
		d.download(f)
	}
}
