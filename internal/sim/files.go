package sim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// fileCommands receive and cancel files.
var fileCommands = table{
	"ReceiveFile":      {run: receiveFile},
	"CancelFile":       {run: cancelFile},
	"SetFileToReceive": {run: setToReceive},
	"FileStatus":       {run: fileStatusCommand},
}

const (
	maxFileSize    = 1 << 30
	xftpAddress    = "xftp://" + serverKey + "@" + serverHost + ":5443"
	fileChunkInfo  = 15780 // what the core says of every file
	maxFileRenames = 1000
)

type cryptoArgs struct {
	FileKey   string `json:"fileKey"`
	FileNonce string `json:"fileNonce"`
}

type cryptoFile struct {
	FilePath   string      `json:"filePath"`
	CryptoArgs *cryptoArgs `json:"cryptoArgs,omitempty"`
}

type fileStatus struct {
	Type        string `json:"type"`
	SndProgress *int64 `json:"sndProgress,omitempty"`
	SndTotal    *int64 `json:"sndTotal,omitempty"`
	RcvProgress *int64 `json:"rcvProgress,omitempty"`
	RcvTotal    *int64 `json:"rcvTotal,omitempty"`
}

// fileInfo is a file as an item shows it.
type fileInfo struct {
	FileID       int64       `json:"fileId"`
	FileName     string      `json:"fileName"`
	FileSize     int64       `json:"fileSize"`
	FileSource   *cryptoFile `json:"fileSource,omitempty"`
	FileStatus   fileStatus  `json:"fileStatus"`
	FileProtocol string      `json:"fileProtocol"`
}

// file is one that was sent or offered.
type file struct {
	item      *item
	sent      bool
	offer     *offer
	agentID   string // of the transfer
	descrID   int64
	descr     bool   // the description is there
	place     string // where it is written
	accepted  bool
	started   bool // being received
	approved  bool
	cancelled bool
	toReceive *acceptance // accept it when the description comes
}

type acceptance struct{ approved, encrypt bool }

// offer is a file on its way to a peer.
type offer struct {
	name   string
	size   int64
	upload *upload
}

// upload is a file at the simulated file server.
type upload struct {
	chunks []int64
	text   string // the description
	data   []byte
	ready  bool
	gone   bool // cancelled
}

// chunkSizes are those of the files at a server, from the smallest.
var chunkSizes = [4]int64{64 << 10, 256 << 10, 1 << 20, 4 << 20}

// chunksOf splits a file as the agent does.
func chunksOf(size int64) []int64 {
	small, big := chunkSizes[0], chunkSizes[1]
	switch {
	case size > chunkSizes[3]*3/4:
		small, big = chunkSizes[2], chunkSizes[3]
	case size > chunkSizes[2]*3/4:
		small, big = chunkSizes[1], chunkSizes[2]
	}
	var chunks []int64
	for ; size >= big; size -= big {
		chunks = append(chunks, big)
	}
	if size > big*3/4 {
		return append(chunks, big)
	}
	for ; size > 0; size -= small {
		chunks = append(chunks, small)
	}
	return chunks
}

// headerSize is what encryption adds to a file.
const headerSize = 64

func total(chunks []int64) (n int64) {
	for _, c := range chunks {
		n += c
	}
	return n
}

// filePath is where a file of an item is on this machine.
func (d *database) filePath(p string) string {
	if filepath.IsAbs(p) || d.folders.Files == "" {
		return d.net.path(p)
	}
	return d.net.path(filepath.Join(d.folders.Files, p))
}

// checkFile is the error of a file that can't be sent.
func (d *database) checkFile(src cryptoFile) error {
	info, err := os.Stat(d.filePath(src.FilePath))
	switch {
	case err != nil || info.IsDir():
		return chatError("fileNotFound", "message", src.FilePath)
	case info.Size() > maxFileSize:
		return chatError("fileSize", "filePath", src.FilePath)
	}
	return nil
}

// attach gives an item a file that is to be sent.
func (d *database) attach(it *item, src cryptoFile) {
	var size int64
	if info, err := os.Stat(d.filePath(src.FilePath)); err == nil {
		size = info.Size()
	}
	if src.CryptoArgs != nil {
		size -= sealOverhead
	}
	d.lastFile++
	name := filepath.Base(src.FilePath)
	it.File = &fileInfo{FileID: d.lastFile, FileName: name, FileSize: size, FileSource: &src,
		FileStatus: fileStatus{Type: "sndStored"}, FileProtocol: "xftp"}
	f := &file{item: it, sent: true, agentID: d.net.agentID(),
		offer: &offer{name, size, &upload{chunks: chunksOf(size + headerSize)}}}
	it.file = f
	d.files[it.File.FileID] = f
	d.net.post(d, func() { d.xftpConnected(it.chat.user) })
	d.net.later(d, func() { d.uploadFile(f) })
}

// offer is the file of an item as peers get it.
func (it *item) offer() *offer {
	if it.file == nil || !it.file.sent {
		return nil
	}
	return it.file.offer
}

// xftpConnected shows that a user speaks to the file server, once per start.
func (d *database) xftpConnected(u *user) {
	if !u.filesOnline {
		u.filesOnline = true
		d.event(result("hostConnected", "protocol", "xftp", "transportHost", serverHost))
	}
}

// meta is the transfer of a file that is sent.
func (f *file) meta() raw {
	info := f.item.File
	xftp := object("agentSndFileId", f.agentID, "privateSndFileDescr", nil, "agentSndFileDeleted", false)
	if f.offer.upload.ready {
		xftp = object("agentSndFileId", f.agentID, "privateSndFileDescr", strings.Replace(f.offer.upload.text, "recipient", "sender", 1), "agentSndFileDeleted", false)
	}
	return object("fileId", info.FileID, "xftpSndFile", xftp, "fileName", info.FileName, "filePath", info.FileSource.FilePath,
		"fileSize", info.FileSize, "chunkSize", fileChunkInfo, "cancelled", false)
}

// uploadFile uploads a file with its progress, and tells those who got the offer.
func (d *database) uploadFile(f *file) {
	it, up := f.item, f.offer.upload
	if it.gone || f.cancelled {
		return
	}
	d.xftpConnected(it.chat.user)
	data, err := os.ReadFile(d.filePath(it.File.FileSource.FilePath))
	if err != nil {
		it.File.FileStatus = fileStatus{Type: "sndError"}
		d.emit(it.chat.user, "sndFileError", "chatItem_", entry(it.chat.info(), it), "fileTransferMeta", f.meta(), "errorMessage", fileError(it.File.FileSource.FilePath, err))
		return
	}
	if args := it.File.FileSource.CryptoArgs; args != nil {
		if plain, err := d.net.readFile(d.filePath(it.File.FileSource.FilePath), args.FileKey, args.FileNonce); err == nil {
			data = plain
		}
	}
	up.data = data
	size := total(up.chunks)
	var done int64
	for i := 0; i <= len(up.chunks); i++ {
		if i < len(up.chunks) {
			done += up.chunks[i]
		}
		sent, all := done, size
		told, of := sent, all
		if i == len(up.chunks) { // the end is told as one of one
			told, of = 1, 1
		}
		it.File.FileStatus = fileStatus{Type: "sndTransfer", SndProgress: &sent, SndTotal: &all}
		d.emit(it.chat.user, "sndFileProgressXFTP", "chatItem_", entry(it.chat.info(), it), "fileTransferMeta", f.meta(),
			"sentSize", told, "totalSize", of)
	}
	up.ready = true
	up.text = fmt.Sprintf("key: %s\nparty: recipient\nserver: %s\nsize: %d\n", d.net.key(32), xftpAddress, size)
	it.File.FileStatus = fileStatus{Type: "sndComplete"}
	d.emit(it.chat.user, "sndFileCompleteXFTP", "chatItem", entry(it.chat.info(), it), "fileTransferMeta", f.meta())
	d.tellPeers(it, func(p *database, x *item) { p.described(x.file) })
}

// tellPeers posts something about an item to all who got it.
func (d *database) tellPeers(it *item, hand func(*database, *item)) {
	id := it.sharedID
	switch ch := it.chat; {
	case ch.contact != nil && ch.contact.ActiveConn != nil:
		ch.contact.ActiveConn.send(func(peer *conn) {
			if peer.contact != nil {
				if x := peer.contact.chat.shared[id]; x != nil && x.file != nil {
					hand(peer.db, x)
				}
			}
		})
	case ch.group != nil:
		ch.group.toMembers(ch.recipients(), func(to *group, _ *member) {
			if x := to.shared(id); x != nil && x.file != nil {
				hand(to.chat.db, x)
			}
		})
	}
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
		if err := d.accept2(f, "", a.approved, a.encrypt); err != nil {
			return
		}
	}
	if f.accepted {
		d.download(f)
	}
}

func (f *file) descrJSON() raw {
	return object("fileDescrId", f.descrID, "fileDescrText", f.offer.upload.text, "fileDescrPartNo", 1, "fileDescrComplete", true)
}

// transfer is the transfer of a file that is received.
func (f *file) transfer() raw {
	status := tagged("new")
	var agent any
	if f.accepted {
		status = tagged("accepted", "filePath", f.item.File.FileSource.FilePath)
		if f.started {
			status = tagged("connected", "filePath", f.item.File.FileSource.FilePath)
			agent = f.agentID
		}
	}
	var args any
	if f.accepted && f.item.File.FileSource.CryptoArgs != nil {
		args = f.item.File.FileSource.CryptoArgs
	}
	return object("fileId", f.item.File.FileID,
		"xftpRcvFile", object("rcvFileDescription", f.descrJSON(), "agentRcvFileId", agent, "agentRcvFileDeleted", false, "userApprovedRelays", f.approved),
		"fileInvitation", object("fileName", f.offer.name, "fileSize", f.offer.size), "fileStatus", status,
		"senderDisplayName", f.senderName(), "chunkSize", fileChunkInfo, "cancelled", f.cancelled, "cryptoArgs", args)
}

func (f *file) senderName() string {
	if f.item.member != nil {
		return f.item.member.LocalDisplayName
	}
	if ct := f.item.chat.contact; ct != nil {
		return ct.LocalDisplayName
	}
	return ""
}

// fileError is an error of the machine as the core writes it.
func fileError(path string, err error) string {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return path + ": withBinaryFile: does not exist (No such file or directory)"
	}
	return path + ": " + err.Error()
}
