package permission

import "testing"

// FuzzCommand: what a script may send, it may also send as the core reads it,
// which cuts white space off the end byte by byte. Nothing that is the host's
// alone gets through, whatever stands around it.
func FuzzCommand(f *testing.F) {
	for _, cmd := range []string{
		"/_send @4 text x", `/_send @4 json [{"fileSource":{"filePath":"a"},"msgContent":{"type":"file","text":""}}]`,
		"/freceive 3 encrypt=on a b", "/_upload 1 a\xa0", "/_stop\xa0", "/_db delete", "/set file paths {}", "/_servers 1 []",
		"/sql chat x", "@alice hi", "/_network {}", "/v \n", "/_download 1 simplex:/file#x\xa0/etc/x a", "/_upload 1 sub/\xff", "/_get chats 1 count=3",
	} {
		f.Add(cmd)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, raw string) {
		checked, err := (Set{}).Command(raw, Files{Dir: dir})
		if err != nil {
			return
		}
		asRead := raw
		for asRead != "" && isSpaceByte(asRead[len(asRead)-1]) {
			asRead = asRead[:len(asRead)-1]
		}
		if _, err := (Set{}).Command(asRead, Files{Dir: dir}); err != nil {
			t.Fatalf("%q may be sent, but not %q: %v", raw, asRead, err)
		}
		if again, err := (Set{}).Command(checked.Text, Files{Dir: dir}); err != nil || again.Text != checked.Text {
			t.Fatalf("%q is sent as %q, which would be %q, %v", raw, checked.Text, again.Text, err)
		}
		for _, p := range hostOnly {
			if hasCommandPrefix(asRead, p) {
				t.Fatalf("%q may be sent", raw)
			}
		}
	})
}

func isSpaceByte(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' || b == 0xa0 }
