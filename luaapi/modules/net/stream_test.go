package netmod

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

func TestLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000)
	for _, tc := range []struct {
		name, in string
		want     []string
		err      error // after the lines
	}{
		{"both ends", "a\r\nb\n", []string{"a", "b"}, io.EOF},
		{"empty lines", "\n\r\n\n", []string{"", "", ""}, io.EOF},
		{"no end", "a\nb", []string{"a", "b"}, io.EOF},
		{"returns inside", "a\rb\r\r\n", []string{"a\rb\r"}, io.EOF},
		{"NUL and half a rune", "a\x00\xc3\n", []string{"a\x00\xc3"}, io.EOF},
		{"just so long", strings.Repeat("y", 10) + "\r\nz\n", []string{strings.Repeat("y", 10), "z"}, io.EOF},
		{"too long", "a\n" + long + "\nb\n", []string{"a"}, errLong},
		{"too long by one", strings.Repeat("y", 11) + "\n", nil, errLong},
		{"too long without an end", long, nil, errLong},
		{"too long at the end", strings.Repeat("y", 11), nil, errLong},
		{"nothing", "", nil, io.EOF},
	} {
		for _, slow := range []bool{false, true} {
			s := &stream{from: strings.NewReader(tc.in)}
			if slow {
				s.from = iotest.OneByteReader(s.from)
			}
			var got []string
			line, err := s.line(10)
			for ; err == nil; line, err = s.line(10) {
				got = append(got, string(line))
			}
			if err != tc.err || strings.Join(got, "|") != strings.Join(tc.want, "|") {
				t.Errorf("%s: got %q, %v", tc.name, got, err)
			}
		}
	}
}

// A line that is too long stays unread, and no more of it is kept in memory
// than one read brings.
func TestLongLineStays(t *testing.T) {
	t.Parallel()
	s := &stream{from: io.MultiReader(strings.NewReader(strings.Repeat("x", 1000)+"\nnext\n"), neverRead{t})}
	if _, err := s.line(100); err != errLong {
		t.Errorf("got %v", err)
	}
	if got, err := s.line(1000); len(got) != 1000 || err != nil {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	if got, err := s.line(100); string(got) != "next" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	endless := &stream{from: endless{}}
	if _, err := endless.line(100); err != errLong || len(endless.buf) > 2*readSize {
		t.Errorf("got %v with %d bytes kept", err, len(endless.buf))
	}
}

type neverRead struct{ t *testing.T }

func (r neverRead) Read([]byte) (int, error) {
	r.t.Error("read further than needed")
	return 0, io.EOF
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// A time-out in the middle loses nothing.
func TestTimeoutKeeps(t *testing.T) {
	t.Parallel()
	s := &stream{from: io.MultiReader(strings.NewReader("be"), &once{err: os.ErrDeadlineExceeded}, strings.NewReader("gin\n12345"))}
	if _, err := s.line(100); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if got, err := s.line(100); string(got) != "begin" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := s.exactly(3); string(got) != "123" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := s.exactly(3); string(got) != "45" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := s.exactly(3); err != io.EOF {
		t.Errorf("got %v", err)
	}
	if _, err := s.some(3); err != io.EOF {
		t.Errorf("got %v", err)
	}
}

// once fails at the first read.
type once struct{ err error }

func (o *once) Read([]byte) (int, error) {
	err := o.err
	if o.err = io.EOF; err == nil {
		err = io.EOF
	}
	return 0, err
}

// However the bytes come, the lines are those of the text.
func FuzzLine(f *testing.F) {
	f.Add([]byte("a\r\nb\n\nc"), 3)
	f.Add([]byte("aaaaaaaaaaaa\nb"), 4)
	f.Fuzz(func(t *testing.T, in []byte, most int) {
		most = max(1, most&0xff)
		read := func(r io.Reader) (lines [][]byte, err error) {
			s := &stream{from: r}
			for {
				line, err := s.line(most)
				if err != nil {
					return lines, err
				}
				if len(line) > most || bytes.ContainsRune(line, '\n') {
					t.Fatalf("got the line %q", line)
				}
				lines = append(lines, line)
			}
		}
		fast, err1 := read(bytes.NewReader(in))
		slow, err2 := read(iotest.OneByteReader(bytes.NewReader(in)))
		if err1 != err2 || !bytes.Equal(bytes.Join(fast, []byte("|")), bytes.Join(slow, []byte("|"))) {
			t.Errorf("got %q, %v and %q, %v", fast, err1, slow, err2)
		}
	})
}
