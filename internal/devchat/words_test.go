package devchat

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi"
)

func TestComplete(t *testing.T) {
	t.Parallel()
	s, _ := start(t, bot, Options{As: "ann"}, ":as bob", ":group team")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"a.txt", "a b.txt", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	dir += string(filepath.Separator)
	for _, tt := range []struct {
		before, head string
		want         []string
	}{
		{"/", "", []string{"/help", "/'role 2'"}},
		{"/h", "", []string{"/help"}},
		{":re", "", []string{":reply", ":react", ":remove"}},
		{":as ", ":as ", []string{"ann", "bob"}},
		{":as a", ":as ", []string{"ann"}},
		{":to #", ":to ", []string{"#team"}},
		{":role bob m", ":role ", []string{"bob member", "bob moderator"}},
		{":react", "", []string{":react"}},
		{":react 🚀", ":react ", []string{"🚀"}},
		{":help ", "", nil},
		{"hello @b", "hello @", []string{"bob"}},
		{"hello b", "", nil},
		{"::re", "", nil},
		{":nonsense x", "", nil},
		{":file " + dir + "a", ":file ", []string{`"` + dir + `a b.txt"`, dir + "a.txt"}},
		{":file \"" + dir + "a ", ":file ", []string{`"` + dir + `a b.txt"`}},
		{":file " + dir + "s", ":file ", []string{dir + "sub/"}},
		{":file /none/", ":file ", nil},
	} {
		head, got := s.Complete(tt.before)
		if !slices.Equal(got, tt.want) || len(got) > 0 && head != tt.head {
			t.Errorf("%q: got %q %q, want %q %q", tt.before, head, got, tt.head, tt.want)
		}
	}
}

func TestTyped(t *testing.T) {
	t.Parallel()
	as, lines, err := Typed("x_test.lua", "-- a\r\n  --> :as Ann B\r\n  x:send()\r\n  --> hi\r\n--> :wait 1s")
	if err != nil || as != "Ann B" || !slices.Equal(lines, []string{"hi", ":wait 1s"}) {
		t.Errorf("got %q %q %v", as, lines, err)
	}
	if as, lines, err := Typed("x", "--> hi\n"); err != nil || as != "" || !slices.Equal(lines, []string{"hi"}) {
		t.Errorf("got %q %q %v", as, lines, err)
	}
	if _, _, err := Typed("x_test.lua", "local sim"); err == nil {
		t.Error("that was no recording")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	r := &recorder{names: map[string]string{}}
	for _, tt := range [][3]string{
		{"ann", "ann", "ann"}, {"ann", "ann", "ann"}, {"#ann", "ann", "group_2"}, {"Ann B", "Ann B", "person_1"}, {"Zoë", "Zoë", "person_2"},
		{"end", "end", "person_3"}, {"net", "net", "person_4"}, {"#team", "team", "team"}, {"person_5", "person_5", "person_5"}, {"?", "?", "person_6"},
	} {
		if got := r.name(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%q: got %q, want %q", tt[0], got, tt[2])
		}
	}
}

// FuzzQuoteLua writes texts as Lua does that read as they were.
func FuzzQuoteLua(f *testing.F) {
	f.Add("plain")
	f.Add("\"\\\n\r\x00123\x7f é 日本 \xff]]")
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		rt, err := luaapi.Load(context.Background(), luaapi.Options{
			Name: "fuzz", Path: "fuzz", NoBot: true, Print: &out, Source: []byte("print(" + quoteLua(text) + ")"),
		})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		rt.Close()
		if got := strings.TrimSuffix(out.String(), "\n"); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	})
}

// FuzzTypedText types texts so that they are sent as they are.
func FuzzTypedText(f *testing.F) {
	for _, s := range []string{"hi", ":x", "::x", ":)", "a\nb", "a\\nb\n", `\`, "/help"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.TrimSpace(text) != text || text == "" || strings.ContainsAny(text, "\r") {
			return
		}
		line := typedText(text)
		if strings.Contains(line, "\n") {
			t.Fatalf("%q is more than a line", line)
		}
		got := line
		if after, ok := strings.CutPrefix(line, ":lines "); ok {
			got = unescape(after)
		} else if strings.HasPrefix(line, "::") {
			got = line[1:]
		} else if strings.HasPrefix(line, ":") && startsWithLetter(line[1:]) {
			t.Fatalf("%q is typed as a command", text)
		}
		if got != text {
			t.Errorf("got %q of %q, want %q", got, line, text)
		}
	})
}

// TestDocumented finds every command in the author's page.
func TestDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "dev.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands() {
		if shown := "`" + strings.TrimSpace(":"+c.name+" "+c.args) + "`"; !strings.Contains(string(page), shown) {
			t.Errorf("docs/dev.md does not have %s", shown)
		}
	}
}
