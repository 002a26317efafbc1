package native

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestParseFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, buffer, want, err string
	}{
		{"data", "\x00\x03\x00\x00\x00a\x00b", "a\x00b", ""},
		{"no data", "\x00\x00\x00\x00\x00", "", ""},
		{"more than announced", "\x00\x01\x00\x00\x00ab", "a", ""},
		{"less than announced", "\x00\x03\x00\x00\x00ab", "", "the buffer has 2 of 3 bytes"},
		{"no length", "\x00\x03", "", "the buffer ends before the length"},
		{"error", "\x01wrong key", "", "wrong key"},
		{"unknown status", "\x02x", "", "unknown status 2"},
		{"nothing", "", "", "the buffer is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseFile([]byte(tt.buffer))
			text := ""
			if err != nil {
				text = err.Error()
			}
			if string(got) != tt.want || text != tt.err {
				t.Errorf("got %q, %q; want %q, %q", got, text, tt.want, tt.err)
			}
		})
	}
}

func FuzzParseFile(f *testing.F) {
	for _, seed := range []string{"", "\x00", "\x00\x02\x00\x00\x00ab", "\x00\xff\xff\xff\xff", "\x01text", "\x07"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, buffer []byte) {
		data, err := parseFile(buffer)
		if err != nil {
			return
		}
		if n := binary.LittleEndian.Uint32(buffer[1:]); int(n) != len(data) || !bytes.HasPrefix(buffer[fileHeader:], data) {
			t.Errorf("%q gave %q", buffer, data)
		}
	})
}
