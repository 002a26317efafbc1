package native

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"
)

// take is the one place where the core's memory becomes ours: it copies what
// view sees at p, frees p, also when the text is empty, and returns the copy.
// NULL is ErrNoResult. function names the call in the error.
func (f *functions) take(function string, p unsafe.Pointer, view func(unsafe.Pointer) []byte) ([]byte, error) {
	if p == nil {
		return nil, fmt.Errorf("%s: %w", function, ErrNoResult)
	}
	data := bytes.Clone(view(p))
	f.free(p)
	return data, nil
}

// takeText takes a C string, without its NUL. It need not be UTF-8.
func (f *functions) takeText(function string, p unsafe.Pointer) ([]byte, error) {
	return f.take(function, p, viewText)
}

// viewText returns the bytes before the NUL, in place.
//
// It looks for the NUL page by page: memory is mapped in whole pages, so what
// is read behind the NUL in its page is readable. A loop over single bytes
// takes longer than everything else that happens to an event here.
func viewText(p unsafe.Pointer) []byte {
	const page = 4096 // the smallest of the platforms; larger ones are multiples
	n := 0
	for {
		at := unsafe.Add(p, n)
		rest := page - int(uintptr(at)%page)
		if i := bytes.IndexByte(unsafe.Slice((*byte)(at), rest), 0); i >= 0 {
			return unsafe.Slice((*byte)(p), n+i)
		}
		n += rest
	}
}

// fileHeader is the length of the status and the size before a file's bytes.
const fileHeader = 5

// viewFile returns the buffer of chat_read_file, in place: a byte 0, the
// length as u32 little-endian and so many bytes, or a byte 1 and a C string.
func viewFile(p unsafe.Pointer) []byte {
	if *(*byte)(p) != 0 {
		return viewText(p) // status and text
	}
	length := binary.LittleEndian.Uint32(unsafe.Slice((*byte)(unsafe.Add(p, 1)), 4))
	return unsafe.Slice((*byte)(p), fileHeader+int(length))
}

// parseFile returns the content in the buffer of chat_read_file, as a part of
// it, or the core's error.
func parseFile(buffer []byte) ([]byte, error) {
	if len(buffer) == 0 {
		return nil, errors.New("the buffer is empty")
	}
	switch status := buffer[0]; status {
	case 0:
		if len(buffer) < fileHeader {
			return nil, errors.New("the buffer ends before the length")
		}
		length, data := binary.LittleEndian.Uint32(buffer[1:]), buffer[fileHeader:]
		if uint64(length) > uint64(len(data)) {
			return nil, fmt.Errorf("the buffer has %d of %d bytes", len(data), length)
		}
		return data[:length:length], nil
	case 1:
		return nil, errors.New(string(buffer[1:]))
	default:
		return nil, fmt.Errorf("unknown status %d", status)
	}
}
