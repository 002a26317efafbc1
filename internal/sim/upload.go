package sim

import (
	"fmt"
	"os"
)

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

// uploadFile uploads a file with its progress, and tells those who got the offer.
func (d *database) uploadFile(f *file) {
	it, up := f.item, f.offer.upload
	if it.gone || f.cancelled {
		return
	}
	d.xftpConnected(it.chat.user)
	if up.data == nil {
		var err error
		if up.data, err = d.readSource(*it.File.FileSource); err != nil {
			text := fileError(it.File.FileSource.FilePath, err)
			it.File.FileStatus = fileStatus{Type: "sndError", SndError: otherFileError(text)}
			d.emit(it.chat.user, "sndFileError", "chatItem_", entry(it.chat.info(), it), "fileTransferMeta", f.meta(), "errorMessage", text)
			return
		}
	}
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
	up.text = up.describe(d.net)
	it.File.FileStatus = fileStatus{Type: "sndComplete"}
	d.emit(it.chat.user, "sndFileCompleteXFTP", "chatItem", entry(it.chat.info(), it), "fileTransferMeta", f.meta())
	d.tellPeers(it, func(p *database, x *item) { p.described(x.file) })
}

// readSource reads a file that is to be sent, and decrypts it where it is
// stored encrypted.
func (d *database) readSource(src cryptoFile) ([]byte, error) {
	path := d.filePath(src.FilePath)
	if args := src.CryptoArgs; args != nil {
		if plain, err := d.net.readFile(path, args.FileKey, args.FileNonce); err == nil {
			return plain, nil
		}
	}
	data, err := os.ReadFile(path)
	if err == nil && data == nil {
		data = []byte{} // it was read
	}
	return data, err
}

// describe is a description for one who receives the file.
func (up *upload) describe(n *Network) string {
	return fmt.Sprintf("chunkSize: %s\nkey: %s\nparty: recipient\nserver: %s\nsize: %s\n",
		sizeText(up.chunks[0]), n.key(32), xftpAddress, sizeText(total(up.chunks)))
}

// sizeText is a size as descriptions have it: they only know whole kilobytes.
func sizeText(n int64) string {
	if n%(1<<20) == 0 {
		return fmt.Sprintf("%dmb", n>>20)
	}
	return fmt.Sprintf("%dkb", n>>10)
}

// tellPeers posts something about an item to all who got it.
func (d *database) tellPeers(it *item, hand func(*database, *item)) {
	id := it.sharedID
	switch ch := it.chat; {
	case ch.contact != nil && ch.contact.ActiveConn != nil:
		ch.contact.ActiveConn.send(func(peer *conn) {
			if peer.contact != nil {
				x := peer.contact.chat.shared[id]
				switch {
				case x != nil && x.file != nil:
					hand(peer.db, x)
				case x == nil && peer.db.v7:
					peer.db.event(object("error", storeError("fileIdNotFoundBySharedMsgId", "sharedMsgId", id).(*apiError).body))
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
