package netmod

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// errLong tells that a line is longer than it may be. The line stays unread.
var errLong = errors.New("the line is too long")

const readSize = 16 << 10

// stream takes lines and bytes out of what a reader gives. An error loses
// nothing of what came before: the next read goes on there.
type stream struct {
	from io.Reader
	buf  []byte // came and was not taken
}

// fill reads once more. The error is io.EOF at the end.
func (s *stream) fill() error {
	s.buf = slices.Grow(s.buf, readSize)
	n, err := s.from.Read(s.buf[len(s.buf):cap(s.buf)])
	s.buf = s.buf[:len(s.buf)+n]
	if n > 0 {
		return nil // an error comes again
	}
	return err
}

// take removes n bytes.
func (s *stream) take(n int) []byte {
	out := bytes.Clone(s.buf[:n])
	if s.buf = s.buf[n:]; len(s.buf) == 0 {
		s.buf = nil
	}
	return out
}

// line reads up to the next line feed and leaves out the end of the line, \n or
// \r\n. The last line may have none. Longer than most is errLong.
func (s *stream) line(most int) ([]byte, error) {
	seen := 0
	for {
		if i := bytes.IndexByte(s.buf[seen:], '\n'); i >= 0 {
			end := seen + i
			text := bytes.TrimSuffix(s.buf[:end], []byte{'\r'})
			if len(text) > most {
				return nil, errLong
			}
			text = bytes.Clone(text)
			s.take(end + 1)
			return text, nil
		}
		if seen = len(s.buf); seen > most+1 { // one more may be \r
			return nil, errLong
		}
		if err := s.fill(); err != nil {
			if err == io.EOF && len(s.buf) > most {
				return nil, errLong
			}
			if err == io.EOF && len(s.buf) > 0 {
				return s.take(len(s.buf)), nil
			}
			return nil, err
		}
	}
}

// exactly reads n bytes, fewer only at the end.
func (s *stream) exactly(n int) ([]byte, error) {
	for len(s.buf) < n {
		if err := s.fill(); err != nil {
			if err == io.EOF && len(s.buf) > 0 {
				return s.take(len(s.buf)), nil
			}
			return nil, err
		}
	}
	return s.take(n), nil
}

// some reads what is there, at least one byte and at most so many.
func (s *stream) some(most int) ([]byte, error) {
	if len(s.buf) == 0 {
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
	return s.take(min(most, len(s.buf))), nil
}
