package syntax

import (
	"bufio"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

func lines(t testing.TB, file string) (cmds []string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var cmd string
		if err := json.Unmarshal(s.Bytes(), &cmd); err != nil {
			t.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	return cmds
}

// TestRecorded parses what a real core took, and refuses what it refused.
func TestRecorded(t *testing.T) {
	t.Parallel()
	for _, cmd := range lines(t, "testdata/accepted.txt") {
		if _, ok := Parse(cmd); !ok {
			t.Errorf("%.120q does not parse", cmd)
		}
	}
	for _, cmd := range lines(t, "testdata/rejected.txt") {
		if c, ok := Parse(cmd); ok {
			t.Errorf("%.120q parses as %s, want none", cmd, c.Name)
		}
	}
}

// TestNoAmbiguity shows that no row is hidden behind another one: a string that
// fits rows of two names has a longer literal in the first.
func TestNoAmbiguity(t *testing.T) {
	t.Parallel()
	for _, cmd := range lines(t, "testdata/accepted.txt") {
		var first *compiled
		for _, r := range index.rows(cmd) {
			if _, ok := r.match(cmd); !ok {
				continue
			}
			if first == nil {
				first = r
			} else if first.name != r.name && len(first.parts[0].lit) == len(r.parts[0].lit) {
				t.Errorf("%.120q fits %s and %s", cmd, first.name, r.name)
			}
		}
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.pattern] {
			t.Errorf("pattern %q stands twice", r.pattern)
		}
		seen[r.pattern] = true
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, cmd string
		want      string
		class     Class
		host      bool
		prefix    string
		text      map[string]string
	}{
		{"send", `/_send #2(_support:5) live=on ttl=30 json [{"a":1}]`, "APISendMessages", Documented, false, "/_send",
			map[string]string{"sendRef": "#2(_support:5)", "liveMessage": "on", "ttl": "30", "composedMessages": `[{"a":1}]`}},
		{"send text", "/_send @4 text hi ", "APISendMessages", Documented, false, "/_send", map[string]string{"text": "hi"}},
		{"accept a request", "/_accept 1", "APIAcceptContact", Documented, false, "/_accept", nil},
		{"accept a member", "/_accept member #1 2 member", "APIAcceptMember", Documented, false, "/_accept member #", nil},
		{"accept a member's contact", "/_accept member contact @4", "APIAcceptMemberContact", BotNeeded, false, "/_accept member contact @", nil},
		{"longest word", "/_delete item @1 2 internalMark", "APIDeleteChatItem", Documented, false, "/_delete item", map[string]string{"deleteMode": "internalMark"}},
		{"search", "/_groups 1 tea time", "APIListGroups", Documented, false, "/_groups", map[string]string{"search": "tea time", "contactId_": ""}},
		{"contact", "/_groups 1 @4", "APIListGroups", Documented, false, "/_groups", map[string]string{"contactId_": "4"}},
		{"invitation", "/_connect 1 incognito=on", "APIAddContact", Documented, false, "/_connect", nil},
		{"link", "/_connect 1 simplex:/x https://y/z", "APIConnect", Documented, false, "/_connect", map[string]string{"link": "simplex:/x", "shortLink": "https://y/z"}},
		{"path", "/freceive 3 encrypt=on my file.pdf", "ReceiveFile", Documented, false, "/freceive", map[string]string{"filePath": "my file.pdf"}},
		{"start", "/_start", "StartChat", Documented, true, "/_start", nil},
		{"database", "/_db delete", "APIDeleteStorage", Service, true, "/_db delete", nil},
		{"page", "/_get chat @4 before=12 count=3 search=a b", "APIGetChat", BotNeeded, false, "/_get chat", map[string]string{"pagination": "before=12 count=3", "search": "a b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cmd, ok := Parse(tt.cmd)
			if !ok || cmd.Name != tt.want || cmd.Class != tt.class || cmd.HostOnly != tt.host || cmd.Prefix != tt.prefix {
				t.Fatalf("got %v %s %v %v %q, want %s %v %v %q", ok, cmd.Name, cmd.Class, cmd.HostOnly, cmd.Prefix, tt.want, tt.class, tt.host, tt.prefix)
			}
			for name, want := range tt.text {
				if got := cmd.Text(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestAccessors(t *testing.T) {
	t.Parallel()
	c, _ := Parse("/_member role #99999999999999999999 1,2 admin")
	if got := c.Int("groupId"); got != 7766279631452241919 { // what a real core makes of it
		t.Errorf("wrapped number: got %d", got)
	}
	if got := c.Ints("groupMemberIds"); !reflect.DeepEqual(got, []int64{1, 2}) {
		t.Errorf("list: got %v", got)
	}
	c, _ = Parse("/_send #5(as_group=on) text x")
	if got := c.Ref("sendRef"); got != (Ref{Type: '#', ID: 5, AsGroup: true}) || got.String() != "#5(as_group=on)" {
		t.Errorf("reference: got %v", got)
	}
	if c.Has("ttl") || c.Int("ttl") != 0 || c.JSON("composedMessages") != nil || !c.On("liveMessage", true) {
		t.Error("missing parameters are not their zero values")
	}
	for cmd, want := range map[string]Page{
		"/_get chats 1 count=10":                            {Mode: "count", Count: 10},
		"/_get chats 1 before=2026-11-20T08:02:17Z count=3": {Mode: "before", From: "2026-11-20T08:02:17Z", Count: 3},
		"/_get chats 1":                                     {},
	} {
		c, ok := Parse(cmd)
		if got := c.Page("pagination"); !ok || got != want {
			t.Errorf("%s: got %+v, want %+v", cmd, got, want)
		}
	}
}

func TestWalls(t *testing.T) {
	t.Parallel()
	tests := []struct {
		cmd  string
		want []Wall
	}{
		{`/_send @4 json [{"fileSource":{"filePath":"/etc/passwd","filePath":"x"},"msgContent":{"type":"file","text":"t"}}]`,
			[]Wall{{Path, "composedMessages.filePath", "/etc/passwd"}, {Path, "composedMessages.filePath", "x"}}},
		{`/_send @4 json [{"msgContent":{"type":"text","text":"filePath"}}]`, nil},
		{`/freceive 3 ../x`, []Wall{{Path, "filePath", "../x"}}},
		{`/_server test 1 smp://k@example.org`, []Wall{{Host, "server", "smp://k@example.org"}}},
		{`/_set custom @4 {"filePath":"mine"}`, nil},
		{`/f #team a b.txt`, []Wall{{Path, "filePath", "a b.txt"}}},
		{`/fr 3 encrypt=on /x`, []Wall{{Path, "filePath", "/x"}}},
		{`/network socks=on socks-mode=always`, nil},
		{`/net socks=10.0.0.1:9050 timeout=3`, []Wall{{Host, "socksProxy", "10.0.0.1:9050"}}},
		{`/relays name=r https://a/r#x simplex:/r#y`, []Wall{{Host, "relays", "https://a/r#x"}, {Host, "relays", "simplex:/r#y"}}},
		{`/_user 2 "se\u0063ret"`, []Wall{{Key, "viewPwd", "secret"}}},
		{`/_db encryption {"currentKey":"","newKey":"k"}`, []Wall{{Key, "config.currentKey", ""}, {Key, "config.newKey", "k"}}},
		{`/_servers 1 [{"smpServers":[{"server":"smp://a","hosts":["b",["c"]]}]}]`,
			[]Wall{{Host, "servers.server", "smp://a"}, {Host, "servers.hosts", "b"}, {Host, "servers.hosts", "c"}}},
	}
	for _, tt := range tests {
		c, ok := Parse(tt.cmd)
		if got := c.Walls(); !ok || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.cmd, got, tt.want)
		}
	}
}

// TestNames: a name ends for us where it ends for the core, or the command is
// refused: behind it stands a path.
func TestNames(t *testing.T) {
	t.Parallel()
	for cmd, want := range map[string]string{
		"/f alice /x": "/x", "/f @alice /x": "/x", "/f @Вера /x": "/x",
		"/f 'a b' /x": "", "/f @'a b' /x": "", "/f a,b /x": "", "/f a\t/x y": "", "/f \u00e0/x y": "", "/f a\xa0/x y": "", "/f @ /x": "", "/f @@a /x": "",
		"/_download 1 simplex:/file#x\xa0/y /x": "", "/_download 1 simplex:/file#x\v/y /x": "",
	} {
		c, ok := Parse(cmd)
		if got := c.Text("filePath"); ok != (want != "") || got != want {
			t.Errorf("%q: got %q, %v, want %q", cmd, got, ok, want)
		}
	}
}

// TestCompileErrors pins that a mistake in the table is found, not ignored.
func TestCompileErrors(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"/x [", "/x ]", "/x <a", "/x <a>", "/x [<a:int>"} {
		if _, err := compile(row{name: "X", pattern: p}); err == nil || !strings.Contains(err.Error(), p) {
			t.Errorf("%q: got error %v", p, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, cmd := range append(lines(f, "testdata/accepted.txt"), lines(f, "testdata/rejected.txt")...) {
		f.Add(cmd)
	}
	f.Fuzz(func(t *testing.T, cmd string) {
		c, ok := Parse(cmd)
		if ok && c.Name == "" {
			t.Fatal("a command without a name")
		}
		c.Walls()
		for _, p := range c.params {
			if c.Int(p.name); !strings.Contains(cmd, p.text) {
				t.Fatalf("%s: %q is not part of the command", p.name, p.text)
			}
			c.Ints(p.name)
			c.Ref(p.name)
			c.Page(p.name)
		}
		if again, okAgain := Parse(cmd + " \n"); ok != okAgain || again.Name != c.Name {
			t.Fatal("white space at the end changes the command")
		}
	})
}

func BenchmarkParse(b *testing.B) {
	cmd := `/_send @4 json [{"msgContent":{"type":"text","text":"7 * 7 = 49"},"mentions":{}}]`
	for b.Loop() {
		Parse(cmd)
	}
}
