package sim

import (
	"errors"
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
	SndError    raw    `json:"sndFileError,omitempty"`
	RcvError    raw    `json:"rcvFileError,omitempty"`
}

// otherFileError is the error of a file in its status, in words.
func otherFileError(text string) raw { return tagged("other", "fileError", text) }

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
	attempt   int  // to receive it
	approved  bool
	cancelled bool
	toReceive *acceptance // accept it at the next start
	descrs    []int64     // of a sent file: the descriptions for those who get it
	retries   bool        // the first part could not be had when it was tried
}

type acceptance struct{ approved, encrypt bool }

// offer is a file on its way to a peer.
type offer struct {
	name   string
	size   int64
	upload *upload
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

// encryptedAtOnce is up to which size a file is read before anything else can
// happen to it; the core reads some hundred megabytes a second.
const encryptedAtOnce = 8 << 20

// attach gives an item a file that is to be sent.
func (d *database) attach(ch *chat, it *item, src cryptoFile) {
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
	if size <= encryptedAtOnce {
		f.offer.upload.data, _ = d.readSource(src) // the error shows at the upload
	}
	for range ch.fileConns() {
		d.lastDescr++
		f.descrs = append(f.descrs, d.lastDescr)
	}
	it.file = f
	d.files[it.File.FileID] = f
	d.net.post(d, func() { // after the first news of the message
		d.net.post(d, func() { d.xftpConnected(it.chat.user) })
	})
	d.net.later(d, func() { d.whenFiles(transfer{upload: true, run: func() { d.uploadFile(f) }}) })
}

// fileConns are the connections that the description of a file is sent to.
func (ch *chat) fileConns() []*conn {
	var conns []*conn
	switch {
	case ch.contact != nil:
		if cn := ch.contact.ActiveConn; cn != nil {
			conns = append(conns, cn)
		}
	case ch.group != nil:
		for _, m := range ch.recipients() {
			if m.reachable() {
				conns = append(conns, m.ActiveConn)
			}
		}
	}
	return conns
}

// offer is the file of an item as peers get it.
func (it *item) offer() *offer {
	if it.file == nil || !it.file.sent {
		return nil
	}
	return it.file.offer
}

// meta is the transfer of a file that is sent.
func (f *file) meta() raw {
	info := f.item.File
	var descr, args any
	if f.offer.upload.ready {
		descr = strings.Replace(f.offer.upload.text, "recipient", "sender", 1)
	}
	if a := info.FileSource.CryptoArgs; a != nil {
		args = a
	}
	xftp := object("agentSndFileId", f.agentID, "privateSndFileDescr", descr, "agentSndFileDeleted", false, "cryptoArgs", args)
	return object("fileId", info.FileID, "xftpSndFile", xftp, "fileName", info.FileName, "filePath", info.FileSource.FilePath,
		"fileSize", info.FileSize, "chunkSize", fileChunkInfo, "cancelled", false)
}

// descrJSON is the description of a file that is received: one part, none yet
// before it came.
func (f *file) descrJSON() raw {
	text, part := "", 0
	if f.descr {
		text, part = f.offer.upload.text, 1
	}
	return object("fileDescrId", f.descrID, "fileDescrText", text, "fileDescrPartNo", part, "fileDescrComplete", f.descr)
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
		"senderDisplayName", f.senderName(), "chunkSize", fileChunkInfo, "cancelled", f.cancelled, "cryptoArgs", args,
		"fileType", f.item.chat.db.fileType())
}

// fileType is what version 7.0 says of files in chats.
func (d *database) fileType() any {
	if !d.v7 {
		return nil
	}
	return "normal"
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

// keepFile gives an item of the notes its file, which stays where it is.
func (d *database) keepFile(it *item, src cryptoFile) {
	var size int64
	if info, err := os.Stat(d.filePath(src.FilePath)); err == nil {
		size = info.Size()
	}
	if src.CryptoArgs != nil {
		size -= sealOverhead
	}
	d.lastFile++
	it.File = &fileInfo{FileID: d.lastFile, FileName: filepath.Base(src.FilePath), FileSize: size, FileSource: &src,
		FileStatus: fileStatus{Type: "sndStored"}, FileProtocol: "local"}
}
