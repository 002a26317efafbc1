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
