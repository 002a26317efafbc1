package sim

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// standaloneCommands send files that belong to no chat: whoever has one of
// their links can receive them.
var standaloneCommands = table{
	"APIUploadStandaloneFile":   forUser(uploadStandalone),
	"APIDownloadStandaloneFile": forUser(downloadStandalone),
	"APIStandaloneFileInfo":     {run: standaloneInfo, early: true, anonymous: true},
}

const (
	fileLinkStart   = "simplex:/file#/?desc="
	standaloneLinks = 4 // how many can receive a file
)

// standalone is a transfer of a file without an item.
type standalone struct {
	id      int64
	agentID string
	path    string
	size    int64
	upload  *upload
}

func uploadStandalone(c *call) (raw, error) {
	path := c.cmd.Text("filePath")
	data, err := os.ReadFile(c.db.net.path(path))
	if err != nil {
		return nil, chatError("exception", "message", path+": getFileSize:getFileStatus: does not exist (No such file or directory)")
	}
	d, u := c.db, c.user
	d.lastFile++
	size := int64(len(data))
	s := &standalone{id: d.lastFile, agentID: d.net.agentID(), path: path, size: size,
		upload: &upload{chunks: chunksOf(size + headerSize), data: data}}
	reply, _ := c.reply("sndStandaloneFileCreated", "fileTransferMeta", s.meta())
	d.net.later(d, func() { d.whenFiles(transfer{upload: true, run: func() { d.uploadAlone(u, s) }}) })
	return reply, nil
}

// uploadAlone uploads a file with its progress and gives out the links.
func (d *database) uploadAlone(u *user, s *standalone) {
	d.xftpConnected(u)
	s.progress(func(done, all int64) {
		d.emit(u, "sndFileProgressXFTP", "fileTransferMeta", s.meta(), "sentSize", done, "totalSize", all)
	})
	s.upload.ready = true
	links := make([]string, standaloneLinks)
	for i := range links {
		descr := s.upload.describe(d.net)
		d.net.alone[descr] = s.upload
		links[i] = fileLinkStart + strings.ReplaceAll(url.QueryEscape(descr), "+", "%20")
	}
	d.emit(u, "sndStandaloneFileComplete", "fileTransferMeta", s.meta(), "rcvURIs", links)
}

// progress tells of each part.
func (s *standalone) progress(tell func(done, all int64)) {
	var done int64
	all := total(s.upload.chunks)
	for _, chunk := range s.upload.chunks {
		done += chunk
		tell(done, all)
	}
}

func (s *standalone) meta() raw {
	return object("fileId", s.id, "xftpSndFile", object("agentSndFileId", s.agentID, "agentSndFileDeleted", false),
		"fileName", filepath.Base(s.path), "filePath", s.path, "fileSize", s.size, "chunkSize", fileChunkInfo, "cancelled", false)
}

// standaloneOf finds what a link leads to; the error is that of a bad command.
func (n *Network) standaloneOf(link string) (*upload, error) {
	descr, ok := strings.CutPrefix(link, fileLinkStart)
	text, err := url.QueryUnescape(descr)
	if !ok || err != nil || n.alone[text] == nil {
		return nil, errSyntax
	}
	return n.alone[text], nil
}

func standaloneInfo(c *call) (raw, error) {
	if _, err := c.db.net.standaloneOf(c.cmd.Text("fileLink")); err != nil {
		return nil, err
	}
	return result("standaloneFileInfo"), nil
}

func downloadStandalone(c *call) (raw, error) {
	d, u := c.db, c.user
	up, err := d.net.standaloneOf(c.cmd.Text("fileLink"))
	if err != nil {
		return nil, err
	}
	d.lastFile++
	s := &standalone{id: d.lastFile, path: c.cmd.Text("filePath"), size: total(up.chunks), upload: up}
	reply, _ := c.reply("rcvStandaloneFileCreated", "rcvFileTransfer", s.transfer(d))
	d.net.later(d, func() { d.whenFiles(transfer{run: func() { d.downloadAlone(u, s) }}) })
	return reply, nil
}

func (d *database) downloadAlone(u *user, s *standalone) {
	d.xftpConnected(u)
	s.progress(func(done, all int64) {
		d.emit(u, "rcvFileProgressXFTP", "receivedSize", done, "totalSize", all, "rcvFileTransfer", s.transfer(d))
	})
	if err := os.WriteFile(d.net.path(s.path), s.upload.data, 0o600); err != nil {
		d.emit(u, "rcvFileError", "agentError", tagged("FILE", "fileErr", tagged("FILE_IO", "fileIOError", err.Error())), "rcvFileTransfer", s.transfer(d))
		return
	}
	d.emit(u, "rcvStandaloneFileComplete", "targetPath", s.path, "rcvFileTransfer", s.transfer(d))
}

func (s *standalone) transfer(d *database) raw {
	return object("fileId", s.id, "fileInvitation", object("fileName", filepath.Base(s.path), "fileSize", s.size),
		"fileStatus", tagged("connected", "filePath", s.path), "senderDisplayName", "", "chunkSize", s.upload.chunks[0], "cancelled", false,
		"fileType", d.fileType())
}
