package permission

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Paths that the core would look for in the working folder are made whole, so
// that they lead into the files folder for it too.
func TestCommandText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for cmd, want := range map[string]string{
		"/_upload 1 bot.data/chat_chat.db":          "/_upload 1 DIR/bot.data/chat_chat.db",
		"/_upload 1 .env":                           "/_upload 1 DIR/.env",
		"/_upload 1 ./a b ":                         "/_upload 1 DIR/a b",
		"/_upload 1 1":                              "/_upload 1 DIR/1",
		"/_download 1 simplex:/file#x bot.lua":      "/_download 1 simplex:/file#x DIR/bot.lua",
		"/freceive 3 x.pdf":                         "/freceive 3 DIR/x.pdf",
		"/freceive 3 encrypt=on sub/x y.pdf \t\n":   "/freceive 3 encrypt=on DIR/sub/x y.pdf",
		"/freceive 3 approved_relays=on":            "/freceive 3 approved_relays=on",
		"/freceive 3 DIR/x":                         "/freceive 3 DIR/x",
		"/_send @4 text /_upload 1 x":               "/_send @4 text /_upload 1 x",
		`/_send @4 json [{"filePath":"x","a":"x"}]`: `/_send @4 json [{"filePath":"x","a":"x"}]`,
	} {
		cmd, want = strings.ReplaceAll(cmd, "DIR", dir), strings.ReplaceAll(want, "DIR", dir)
		if got, err := (Set{}).Command(cmd, Files{Dir: dir}); err != nil || got.Text != want {
			t.Errorf("%q: got %q, %v, want %q", cmd, got.Text, err, want)
		}
		if got, err := (Set{All: true}).Command(cmd, Files{Dir: dir}); err != nil || got.Text != want {
			t.Errorf("%q, with all allowed: got %q, %v, want %q", cmd, got.Text, err, want)
		}
	}
}

// What a command writes needs write=, also where the sender chooses the name.
func TestCommandWrites(t *testing.T) {
	t.Parallel()
	other := t.TempDir()
	for _, tc := range []struct {
		cmd, read, write string
	}{
		{"/freceive 3 OTHER/x", "--allow write=", ""},
		{"/freceive 3 OTHER", "--allow write=", ""},
		{"/fr 3 OTHER/x", "--allow write=", ""},
		{"/_download 1 simplex:/file#x OTHER/x", "--allow write=", ""},
		{"/_upload 1 OTHER/x", "", "--allow read="},
		{"/f @alice OTHER/x", "", "--allow read="},
		{`/_send @4 json [{"filePath":"OTHER/x"}]`, "", "--allow read="},
	} {
		cmd, core := strings.ReplaceAll(tc.cmd, "OTHER", other), []string{"/fr", "/f"}
		for name, try := range map[string]struct {
			set  Set
			want string
		}{"read": {Set{Read: []string{other}, Core: core}, tc.read}, "write": {Set{Write: []string{other}, Core: core}, tc.write}} {
			_, err := try.set.Command(cmd, Files{Dir: t.TempDir()})
			if (err == nil) != (try.want == "") || err != nil && !strings.Contains(err.Error(), try.want) {
				t.Errorf("%s with %s=: got %v, want %q", cmd, name, err, try.want)
			}
		}
	}
}

// A chat program elsewhere has other files below the same names.
func TestCommandRemote(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), t.TempDir()
	for cmd, ok := range map[string]bool{
		`/_send @4 json [{"filePath":"x"}]`:       false,
		`/_create *1 json [{"filePath":"x"}]`:     false,
		"/freceive 3 x":                           false,
		"/_upload 1 x":                            false,
		"/_download 1 simplex:/file#x x":          false,
		"/_upload 1 /etc/passwd":                  false,
		"/freceive 3":                             true,
		"/_upload 1 DIR/x":                        true,
		"/_upload 1 OTHER/x":                      true,
		`/_send @4 json [{"filePath":"OTHER/x"}]`: true,
	} {
		cmd = strings.NewReplacer("DIR", dir, "OTHER", other).Replace(cmd)
		if got, err := (Set{Read: []string{other}}).Command(cmd, Files{Dir: dir, Remote: true}); (err == nil) != ok || ok && got.Text != cmd {
			t.Errorf("%s: got %q, %v", cmd, got.Text, err)
		}
	}
}

// A grant of core= opens a command, not what its parameters reach.
func TestCommandAliases(t *testing.T) {
	t.Parallel()
	p := Set{Core: []string{"/f", "/file", "/img", "/image", "/fd", "/fdescription", "/fr", "/ntf", "/smp", "/xftp", "/network", "/net", "/relays", "/_servers", "/hide", "/q", "/exit"}}
	for cmd, want := range map[string]string{
		"/f @alice mine.txt":                       "",
		"/img alice mine.png":                      "",
		"/network socks=off":                       "",
		"/net socks=on socks-mode=always":          "",
		"/relays name=relay":                       "",
		"/f @alice /etc/passwd":                    "--allow read=",
		"/file alice ../x":                         "--allow read=",
		"/image #team /etc/passwd":                 "--allow read=",
		"/fd alice /etc/passwd":                    "--allow read=",
		"/fdescription alice /etc/passwd":          "--allow read=",
		"/fr 3 /etc/passwd":                        "--allow write=",
		"/f 'a b' /etc/passwd":                     "could not be parsed",
		"/f 'a mine.txt' /etc/passwd":              "could not be parsed",
		"/f \xc3\xa0/etc/passwd x":                 "could not be parsed",
		"/f a\xa0/etc/passwd x":                    "could not be parsed",
		"/f alice\t/etc/passwd":                    "could not be parsed",
		"/f alice,x /etc/passwd":                   "could not be parsed",
		"/f alice  key=k nonce=n/etc/passwd":       "begins or ends with a space",
		"/ntf test ntf://k@127.0.0.1":              "--allow net=127.0.0.1",
		"/smp test smp://k@10.0.0.1":               "--allow net=10.0.0.1",
		"/smp smp://k@10.0.0.1":                    "--allow net=10.0.0.1",
		"/smp smp://k@10.0.0.1;smp://k@1.1.1.1":    "--allow net=10.0.0.1",
		"/xftp xftp://k@10.0.0.1,example.org":      "--allow net=10.0.0.1",
		"/network socks=127.0.0.1:9050":            "--allow net=127.0.0.1:9050",
		"/net socks=user:p@10.0.0.1:1 timeout=3":   "--allow net=10.0.0.1:1",
		"/network socks=":                          "could not be parsed",
		"/relays name=r https://10.0.0.1/r#x":      "--allow net=10.0.0.1",
		"/relays r https://10.0.0.1/r#x@a.example": "not allowed",
		`/_servers 1 [{"chatRelays":[{"address":"https://10.0.0.1/r#x"}]}]`: "--allow net=10.0.0.1",
		"/hide user pass":       "key or password",
		"/q":                    "only simplex-lua itself",
		"/exit ":                "only simplex-lua itself",
		"/q\xa0":                "only simplex-lua itself",
		"/get remote file 1 {}": "only simplex-lua itself",
	} {
		if _, err := p.Command(cmd, Files{Dir: t.TempDir()}); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", cmd, err, want)
		}
	}
	if _, err := (Set{All: true}).Command("/quit", Files{}); err == nil || !strings.Contains(err.Error(), "only simplex-lua itself") {
		t.Errorf("/quit with all allowed: got %v", err)
	}
}

// What SQLite finds beside a database it carries out.
func TestSidecars(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for path, ok := range map[string]bool{
		"a.db-journal": false, "a.db-wal": false, "sub/a-shm": false, "A.DB-JOURNAL": false, "a-journal/": false, "a-wal/.": false,
		"a-journal.txt": true, "journal": true, "a.db": true, "a-journal/x": true,
	} {
		if _, err := (Set{}).Path(path, dir, true); (err == nil) != ok {
			t.Errorf("write %s: got %v", path, err)
		}
		if _, err := (Set{}).Path(path, dir, false); err != nil {
			t.Errorf("read %s: %v", path, err)
		}
	}
	if _, err := (Set{}).Command("/freceive 3 a.db-journal", Files{Dir: dir}); err == nil {
		t.Error("a file is received as a journal")
	}
}

// A link that leads to nothing would make what it names.
func TestDanglingLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := filepath.Join(dir, "files")
	for _, err := range []error{
		os.MkdirAll(filepath.Join(files, "sub"), 0o700),
		os.Symlink(filepath.Join(dir, "none"), filepath.Join(files, "l")),
		os.Symlink("../../none/deeper", filepath.Join(files, "sub", "rel")),
		os.Symlink("l", filepath.Join(files, "chain")),
		os.Symlink("loop", filepath.Join(files, "loop")),
		os.Symlink("sub", filepath.Join(files, "good")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"l": "leads to nothing", "l/x": "leads to nothing", "sub/rel": "leads to nothing", "sub/rel/a/b": "leads to nothing",
		"chain": "leads to nothing", "loop": "leads to nothing", "loop/x": "leads to nothing", files + "/l": "leads to nothing",
		"good/x": "", "sub/new/x": "", "new": "",
	} {
		for _, p := range []Set{{}, {Write: []string{filepath.Join(files, "l")}, Read: []string{filepath.Join(files, "l")}}} {
			for _, write := range []bool{false, true} {
				_, err := p.Path(path, files, write)
				if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("%s, write %v: got %v, want %q", path, write, err, want)
				}
			}
		}
	}
}
