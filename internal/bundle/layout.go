package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"
)

// What stands around the archive. The numbers in the footer are little-endian:
//
//	magic [16] · format u64 · size of the runtime u64 · size of the archive u64 · SHA-256 [32]
//
// The hash is that of the header, the archive and the footer up to the hash.
const (
	headerMagic = "slua-bundle-head"
	footerMagic = "slua-bundle-tail"
	format      = 1

	headerSize = len(headerMagic)
	footerSize = len(footerMagic) + 3*8 + sha256.Size
)

// layout tells where things are in a bundle, in bytes.
type layout struct {
	runtime int64 // its size, and so where the header begins
	archive int64 // its size
	sum     [sha256.Size]byte
}

func (l layout) archiveAt() int64 { return l.runtime + int64(headerSize) }
func (l layout) footerAt() int64  { return l.archiveAt() + l.archive }

// encode is the footer without its hash.
func (l layout) encode() []byte {
	b := []byte(footerMagic)
	for _, n := range []int64{format, l.runtime, l.archive} {
		b = binary.LittleEndian.AppendUint64(b, uint64(n))
	}
	return b
}

// readLayout finds the bundle in a file of that size. The error is ErrNoBundle
// or a *DamagedError, or one of reading.
func readLayout(r io.ReaderAt, size int64) (l layout, err error) {
	footer := make([]byte, footerSize)
	if size >= int64(footerSize) {
		if _, err := r.ReadAt(footer, size-int64(footerSize)); err != nil && err != io.EOF {
			return l, err
		}
	}
	if !bytes.HasPrefix(footer, []byte(footerMagic)) {
		return l, withoutFooter(r, size)
	}
	numbers := footer[len(footerMagic):]
	number := func(i int) uint64 { return binary.LittleEndian.Uint64(numbers[8*i:]) }
	if v := number(0); v != format {
		return l, damaged("it has format %d, but this simplex-lua knows %d", v, format)
	}
	limit := uint64(size)
	if number(1) > limit || number(2) > limit {
		return l, damaged("it is %d bytes long, too short for what it says of itself", size)
	}
	l = layout{runtime: int64(number(1)), archive: int64(number(2)), sum: [sha256.Size]byte(numbers[24:])}
	if l.footerAt()+int64(footerSize) != size {
		return l, damaged("it is %d bytes long, but was made with %d", size, l.footerAt()+int64(footerSize))
	}
	return l, nil
}

// withoutFooter tells a program that is no bundle from a bundle whose end is
// missing, or has something behind it.
func withoutFooter(r io.ReaderAt, size int64) error {
	end, err := imageEnd(r)
	switch {
	case err != nil:
		end = 0 // no program: maybe a bundle that stands beside one
	case end > size:
		return damaged("it is cut off: it is %d bytes long, and the program alone has %d", size, end)
	}
	header := make([]byte, headerSize)
	n, err := r.ReadAt(header, end)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case n >= 4 && string(header[:n]) == headerMagic[:n]:
		return damaged("its end is missing or is not its own: it is %d bytes long", size)
	}
	return ErrNoBundle
}

// check compares the hash of a bundle's part with what the footer says. It
// reads all of it.
func (l layout) check(r io.ReaderAt) error {
	h := sha256.New()
	if err := copyHash(h, r, l.runtime, int64(headerSize)+l.archive); err != nil {
		return err
	}
	h.Write(l.encode())
	if [sha256.Size]byte(h.Sum(nil)) != l.sum {
		return damaged("its checksum is not the one that it was made with")
	}
	return nil
}

func copyHash(h hash.Hash, r io.ReaderAt, from, n int64) error {
	_, err := io.CopyBuffer(h, io.NewSectionReader(r, from, n), make([]byte, 1<<20))
	return err
}
