package lineedit

import (
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// typed gives an editor what is typed, and then no end.
func typed(t *testing.T, keys string, columns int) (*Editor, *vt) {
	t.Helper()
	v := newVT(columns)
	e := New(Options{In: strings.NewReader(keys), Out: v, Columns: func() int { return columns }, Complete: complete})
	e.SetPrompt("you> ", nil)
	return e, v
}

func complete(before string) (string, []string) {
	head, word := "", before
	if i := strings.LastIndex(before, " "); i >= 0 {
		head, word = before[:i+1], before[i+1:]
	}
	return head, slices.DeleteFunc([]string{":react", ":reply", ":help", "日本", "日記"}, func(w string) bool { return !strings.HasPrefix(w, word) })
}

// TestRow types keys without Enter and looks at the row.
func TestRow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		keys    string
		columns int
		want    string
	}{
		{"nothing", "", 20, "you> ▏"},
		{"text", "hello", 20, "you> hello▏"},
		{"left and insert", "hllo\x1b[D\x1b[D\x1b[De", 20, "you> he▏llo"},
		{"home and end", "b\x1b[Ha\x1b[Fc\x01\x05", 20, "you> abc▏"},
		{"backspace", "abc\x7f", 20, "you> ab▏"},
		{"delete", "abc\x1b[D\x1b[3~", 20, "you> ab▏"},
		{"ctrl+d deletes", "abc\x02\x04", 20, "you> ab▏"},
		{"wide characters", "日本\x1b[D", 20, "you> 日▏本"},
		{"one character of several", "a👩‍💻b\x1b[D\x7f", 20, "you> a▏b"},
		{"flags", "🇫🇷🇩🇪\x7f", 20, "you> 🇫🇷▏"},
		{"accents", "e\u0301x\x7f", 20, "you> e\u0301▏"},
		{"words", "one two\x17three\x1bb\x1b[1;5D\x1b[1;5C", 20, "you> one▏ three"},
		{"erase to the start and the end", "one two\x1bb\x0b\x1b[D\x15", 20, "you> ▏ "},
		{"ctrl+c clears", "abc\x03d", 20, "you> d▏"},
		{"unknown keys", "a\x1b[99;9Zb\x1bxc\x00", 20, "you> abc▏"},
		{"scrolls", "0123456789", 12, "you> …56789▏"},
		{"scrolls wide", "日本日本日本", 12, "you> …日本▏"},
		{"scrolled back", "0123456789\x01", 12, "you> ▏012345"},
		{"tiny", "0123", 3, "y▏"},
		{"paste", "\x1b[200~one\r\ntwo\r\x1b[201~!", 20, "you> one⏎two!▏"},
		{"paste with keys in it", "\x1b[200~a\x1b[Db\x03\x1b[201~", 20, "you> a␛[Db␃▏"},
		{"completes", ":h\t", 20, "you> :help ▏"},
		{"completes what is common", "x 日\t", 20, "日本  日記\nyou> x 日▏"},
		{"lists", ":r\t\t", 20, ":react  :reply\nyou> :re▏"},
		{"no completion", "zz\t", 20, "you> zz▏"},
		{"clears the screen", "a\x0c", 20, "you> a▏"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, v := typed(t, tt.keys, tt.columns)
			e.begin()
			for { // the end of the input would take the row away
				pressed, text, err := e.keys.next()
				if err != nil {
					break
				}
				if _, _, err := e.press(pressed, text); err != nil {
					t.Fatal(err)
				}
			}
			if got := v.String(); got != tt.want || len(v.bad) > 0 {
				t.Errorf("got  %q\nwant %q, unknown %q", got, tt.want, v.bad)
			}
		})
	}
}

// TestLines reads whole lines, with those that were typed before.
func TestLines(t *testing.T) {
	t.Parallel()
	e, _ := typed(t, "one\rtwo\r\r\x1b[A\x1b[A!\rdraft\x1b[A\x1b[B\r\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\r\x10\x0e\x0e\x03\x03\x04", 40)
	var lines []string
	for {
		line, err := e.ReadLine()
		if errors.Is(err, ErrInterrupted) {
			lines = append(lines, "^C")
			continue
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			break
		}
		lines = append(lines, line)
	}
	want := []string{"one", "two", "", "one!", "draft", "one", "^C", "^C"}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}

// TestPrint keeps what was typed below what is printed, whatever its width.
func TestPrint(t *testing.T) {
	t.Parallel()
	in, keyboard := io.Pipe()
	v := newVT(20)
	var columns atomic.Int64
	columns.Store(20)
	e := New(Options{In: in, Out: v, Columns: func() int { return int(columns.Load()) }})
	e.SetPrompt("you> ", nil)
	e.Print("before")
	read := make(chan string)
	go func() {
		line, _ := e.ReadLine()
		read <- line
	}()
	for _, k := range []string{"日", "本", "!"} {
		if _, err := io.WriteString(keyboard, k); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(keyboard, "\x1b[D"); err != nil { // is read when the keys before are done
		t.Fatal(err)
	}
	e.Print("a line that is longer than the row\nand another one")
	e.SetPrompt("me> ", func(s string) string { return "\x1b[1m" + s + "\x1b[0m" })
	columns.Store(8)
	e.Redraw()
	if _, err := io.WriteString(keyboard, "?\r"); err != nil {
		t.Fatal(err)
	}
	if got := <-read; got != "日本?!" {
		t.Errorf("got %q", got)
	}
	e.Close()
	e.Print("after")
	want := "before\na line that is longe\nr than the row\nand another one\nafter\n▏"
	if got := v.String(); got != want || len(v.bad) > 0 {
		t.Errorf("got\n%s\nwant\n%s\nunknown %q", got, want, v.bad)
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tt := range [][2]string{
		{"plain 日本 👩‍💻", "plain 日本 👩‍💻"},
		{"a\nb\tc", "a\nb c"},
		{"\x1b[2Jx\x07\r\x7f", "␛[2Jx␇␍␡"},
		{"\u009b2J\u202eabc\u2066", "\uFFFD2J\uFFFDabc\uFFFD"},
		{"bad \xff byte", "bad \uFFFD byte"},
	} {
		if got := Clean(tt[0]); got != tt[1] {
			t.Errorf("Clean(%q): got %q, want %q", tt[0], got, tt[1])
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"short", 10, []string{"short"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"one two", 3, []string{"one", "two"}},
		{"a\n\nb", 10, []string{"a", "", "b"}},
		{"abcdefghij klm", 4, []string{"abcd", "efgh", "ij", "klm"}},
		{"日本日本日", 5, []string{"日本", "日本", "日"}},
		{"日", 1, []string{"日"}},
		{"no width at all", 0, []string{"no width at all"}},
		{"  indented line of text", 12, []string{"  indented", "line of text"}},
	} {
		if got := Wrap(tt.text, tt.width); !slices.Equal(got, tt.want) {
			t.Errorf("Wrap(%q, %d): got %q, want %q", tt.text, tt.width, got, tt.want)
		}
	}
}

// FuzzKeys types anything: the row stays one row, and the cursor in it.
func FuzzKeys(f *testing.F) {
	f.Add("hello\x1b[D\x7f", 20)
	f.Add("\x1b[200~日本\n\x1b[201~\x1b[A\t", 8)
	f.Add("🇫🇷e\u0301\x17\x1bb\x04\x0c", 3)
	f.Fuzz(func(t *testing.T, keys string, columns int) {
		if columns < 1 || columns > 200 || len(keys) > 200 {
			return
		}
		v := newVT(columns)
		in := keys + "\x1b[201~"
		e := New(Options{In: strings.NewReader(strings.ReplaceAll(in, "\t", "")), Out: v, Columns: func() int { return columns }})
		e.SetPrompt("you> ", nil)
		e.begin()
		for {
			pressed, text, err := e.keys.next()
			if err != nil {
				break
			}
			if _, _, err := e.press(pressed, text); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, ErrInterrupted) {
				t.Fatal(err)
			}
			if len(v.rows) > 1 {
				t.Fatalf("%d rows at %d columns: %q", len(v.rows), columns, v)
			}
		}
	})
}

// FuzzWrap loses no character but spaces, and keeps rows short.
func FuzzWrap(f *testing.F) {
	f.Add("one two three", 5)
	f.Add("日本語のテキスト\nx", 3)
	f.Fuzz(func(t *testing.T, text string, width int) {
		if width < 2 || width > 100 || len(text) > 500 {
			return
		}
		text = Clean(text)
		var all strings.Builder
		for _, row := range Wrap(text, width) {
			if Width(strings.TrimRight(row, " ")) > width && Width(first(row)) <= width {
				t.Errorf("%q is wider than %d", row, width)
			}
			all.WriteString(row)
		}
		bare := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
		if bare(all.String()) != bare(text) {
			t.Errorf("got %q of %q", all.String(), text)
		}
	})
}
