package devchat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// paper is a screen that types lines and writes down what is shown.
type paper struct {
	lines  []string
	shown  []string
	prompt string
}

func (p *paper) ReadLine() (string, error) {
	if len(p.lines) == 0 {
		return "", io.EOF
	}
	line := p.lines[0]
	p.lines = p.lines[1:]
	return line, nil
}

func (p *paper) Prompt(who, group string) { p.prompt = who + "#" + group }

func (p *paper) Said(e Entry) {
	s := fmt.Sprintf("%d %s %q", e.What, e.From, e.Text)
	for _, part := range []struct{ name, value string }{{"to", e.To}, {"in", e.Group}, {"quotes", e.Quote}, {"file", e.File}} {
		if part.value != "" {
			s += " " + part.name + " " + part.value
		}
	}
	p.shown = append(p.shown, s)
}

func (p *paper) Note(text string) { p.shown = append(p.shown, "note "+text) }
func (p *paper) Hint(err error)   { p.shown = append(p.shown, "hint "+err.Error()) }
func (p *paper) Problem(problem Problem) {
	p.shown = append(p.shown, fmt.Sprintf("problem %s|%d|%s", problem.Text, problem.Line, problem.Code))
}

// start starts a session with a script.
func start(t *testing.T, script string, o Options, lines ...string) (*Session, *paper) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot.lua")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &paper{lines: lines}
	o.Bot = host.Options{Script: path, Log: slog.New(slog.DiscardHandler)}
	o.Screen = p
	if o.As == "" {
		o.As = "ann"
	}
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, p
}

const bot = `bot.configure {
  profile = { display_name = "B" }, allow_files = true,
  commands = { { keyword = "help", label = "Helps" }, { label = "More", commands = { { keyword = "role 2", label = "R", params = "<n>" } } } },
}
bot.on_event("receivedGroupInvitation", function(e) bot.api.join_group(e.groupInfo.groupId) end)
bot.on_message(function(msg)
  if msg.text == "bad" and msg.sender.name == "ann" then return msg:moderate() end
  if msg.text == "two" then bot.send(msg.chat, "first") end
  msg:reply("got " .. msg.text)
end)
`

// TestConversation looks at all that is shown, also to whom and where.
func TestConversation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		lines []string
		want  []string
	}{
		{"a message", []string{"hi"}, []string{`0 ann "hi"`, `0 B "got hi"`}},
		{"what is not answered at once is quoted", []string{":help-", "two"}, []string{
			"hint there is no :help-; :help lists what there is, and ::help- is sent as a text",
			`0 ann "two"`, `0 B "first"`, `0 B "got two"`}},
		{"colons", []string{"::help", ":-)", ""}, []string{`0 ann ":help"`, `0 B "got :help"`, `0 ann ":-)"`, `0 B "got :-)"`}},
		{"beginnings of commands", []string{":ch", ":re", ":e x"}, []string{
			"note * B", "hint :re can be :reply or :react or :remove", "hint ann has written nothing in B yet"}},
		{"nothing to answer", []string{":reply x", ":react 👍", ":unreact 👍", ":delete", ":react 🙃", ":save x", ":leave", ":role a b", ":to x", ":file none", ":file .", `:file "x`, ":wait -1s", ":as"}, []string{
			"hint nobody has written to ann in B yet", "hint nobody has written to ann in B yet", "hint ann has reacted to nothing in B yet",
			"hint ann has written nothing in B yet", "hint nobody can react with 🙃; there are 👍 👎 😀 😂 😢 ❤ 🚀 ✅", "hint nobody has sent a file here",
			"hint that is for groups; :group NAME makes one, :to #NAME goes to one", "hint that is for groups; :group NAME makes one, :to #NAME goes to one",
			"hint ann has no chat x; there are: B", "hint there is no file none to send", "hint . is a folder; :file sends one file",
			`hint the path has no closing quote: want "my photo.jpg"`, "hint :wait -1s: want a time up to a year, as 90s, 10m or 2h", "hint :as needs a name, as in :as bob"}},
		{"people", []string{":as B", ":as bob", ":to ann", "hi"}, []string{
			"hint the bot itself is called B; give the person another name",
			"hint ann is not in a chat with bob; :as ann writes as them, :group makes a group of all", `0 bob "hi"`, `0 B "got hi"`}},
		{"a group", []string{":as bob", ":group team", "hi", ":as ann", ":to B", ":as bob", "you", ":remove ann", ":leave"}, []string{
			"note You are in #team now; :to B goes back.", `0 bob "hi" in team`, `0 B "got hi" in team`,
			`0 bob "you" in team`, `0 B "got you" in team`, "note ann is no longer in #team", "note You left #team"}},
		{"moderation", []string{":as bob", ":group team", "bad", ":delete", ":as ann", "bad"}, []string{
			"note You are in #team now; :to B goes back.", `0 bob "bad" in team`, `0 B "got bad" in team`, "2 bob \"bad\" in team", `0 ann "bad" in team`, `2 ann "bad" in team`}},
		{"the menu", []string{":menu"}, []string{"note B's menu:\n  /help            Helps\n  More:\n    /'role 2' <n>    R"}},
		{"a file", []string{":file act.go look"}, []string{`0 ann "look" file act.go`, `0 B "got look"`}},
		{"the end", []string{":quit", "never"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, p := start(t, bot, Options{}, tt.lines...)
			if err := s.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(p.shown, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(p.shown, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// TestQuote shows what an answer answers where that is not the last message.
func TestQuote(t *testing.T) {
	t.Parallel()
	s, p := start(t, `local first
bot.on_message(function(msg)
  first = first or msg
  first:reply("again")
end)`, Options{}, "one", "two")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{`0 ann "one"`, `0 bot "again"`, `0 ann "two"`, `0 bot "again" quotes one`}
	if !slices.Equal(p.shown, want) {
		t.Errorf("got %q, want %q", p.shown, want)
	}
}

// TestSave takes a file that the bot sends.
func TestSave(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "got.txt")
	s, p := start(t, `bot.on_message(function(msg)
  local m = bot.send(msg.chat, { type = "file", text = "no file" })
end)`, Options{}, "x")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(p.shown) != 2 {
		t.Fatalf("got %q", p.shown)
	}
	for _, line := range []string{":as bob", ":group g", ":as ann", ":to #g", ":as bob", ":file told.go", ":as ann", ":save " + path} {
		if _, err := s.take(t.Context(), line); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	want, _ := os.ReadFile("told.go")
	if err != nil || string(got) != string(want) {
		t.Errorf("the file is not as it was sent: %v, %q", err, p.shown)
	}
}

// TestTime lets time pass: a second with each line, more with :wait, and at the
// end as much as is allowed.
func TestTime(t *testing.T) {
	t.Parallel()
	const clock = `local began
bot.on_start(function() began = os.time() end)
bot.on_message(function(msg)
  bot.after(tonumber(msg.text), function() bot.send(msg.chat, msg.text .. " s") end)
end)`
	s, p := start(t, clock, Options{Wait: time.Minute}, "2", "0.5", "30", "3600", ":wait 10s", "59", "120")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{`0 ann "2"`, `0 ann "0.5"`, `0 bot "0.5 s"`, `0 bot "2 s"`, `0 ann "30"`, `0 ann "3600"`, `0 ann "59"`, `0 ann "120"`, `0 bot "30 s"`, `0 bot "59 s"`}
	if !slices.Equal(p.shown, want) {
		t.Errorf("got %q, want %q", p.shown, want)
	}
}

// TestLive has time flow with the machine's clock, until the input ends.
func TestLive(t *testing.T) {
	t.Parallel()
	s, p := start(t, `bot.on_message(function(msg)
  bot.after(0.02, function() bot.send(msg.chat, "later") bot.stop() end)
end)`, Options{Live: true})
	hold := make(chan struct{})
	defer close(hold)
	s.screen = &held{paper: p, first: "go", hold: hold}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(p.shown, `0 bot "later"`) || !slices.Contains(p.shown, "note The bot has stopped.") {
		t.Errorf("got %q", p.shown)
	}
}

// TestNetworkTime: the network's own timers run in their place among the bot's,
// and so does what they bring about.
func TestNetworkTime(t *testing.T) {
	t.Parallel()
	s, p := start(t, `
bot.on_message(function(msg) msg:reply("gone in a minute", { ttl = 60 }) end)
bot.on_event("chatItemsDeleted", function(e)
  if e.timed then bot.after("10m", function() bot.send("@" .. e.chatItemDeletions[1].deletedChatItem.chatInfo.contact.contactId, "ten minutes later") end) end
end)`, Options{}, "hi", ":wait 2h")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{`0 ann "hi"`, `0 bot "gone in a minute"`, `0 bot "ten minutes later"`}
	if got := slices.DeleteFunc(p.shown, func(line string) bool { return line[0] != '0' }); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestUntaken: a person at a terminal is told once that nothing took a message.
func TestUntaken(t *testing.T) {
	t.Parallel()
	s, p := start(t, `bot.on_message({ content_type = "voice" }, print)`, Options{Live: true})
	hold := make(chan struct{})
	s.screen = &noted{held{paper: p, first: "go", hold: hold}, func(text string) {
		if strings.HasPrefix(text, "No handler took this message") {
			close(hold)
		}
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := s.Run(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("%v, %v, shown %q", err, ctx.Err(), p.shown)
	}
}

// noted calls note with what is noted.
type noted struct {
	held
	note func(text string)
}

func (n *noted) Note(text string) {
	n.note(text)
	n.held.Note(text)
}

// held types a line and then nothing more, as somebody who waits.
type held struct {
	*paper
	first string
	hold  chan struct{}
}

func (h *held) ReadLine() (string, error) {
	if line := h.first; line != "" {
		h.first = ""
		return line, nil
	}
	<-h.hold
	return "", io.EOF
}

// TestRecordReload leaves out of a recording what a later version mended.
func TestRecordReload(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x_test.lua")
	s, p := start(t, `bot.on_message(function(msg) error("oh") end)`, Options{Record: path}, "hi")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	mended := `bot.on_message(function(msg) if msg.text == "bad" then error("again") end msg:reply("fine") end)`
	if err := os.WriteFile(s.opts.Bot.Script, []byte(mended), 0o600); err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "the script is reloaded", func() bool {
		if err := s.show(); err != nil {
			t.Fatal(err)
		}
		return slices.Contains(p.shown, "note reloaded: version 2 of the script")
	})
	for _, line := range []string{":as bob", "hi", "bad", ":wait 2h"} {
		if _, err := s.take(t.Context(), line); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(got), "function(net)\n")
	want := `  --> :as ann
  local ann = net:user("ann"):connect()
  -- the script was reloaded here, and what failed before it left out
  --> :as bob
  local bob = net:user("bob"):connect()
  --> hi
  bob:send("hi")
  bob:expect("fine")
  --> bad
  bob:send("bad")
  net.bot:expect_error({ contains = "again" })
  --> :wait 2h
  net:advance("2h")
end)
`
	if body = strings.ReplaceAll(body, "bot, ", ""); body != want {
		t.Errorf("got\n%s\nwant\n%s", body, want)
	}
}

// TestStart fails in the ways a start can fail.
func TestStart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, script, want string }{
		{"a syntax error", "local =", "bot.lua:1: "},
		{"no address", "bot.configure { create_address = false }", "the bot has no address to connect to"},
		{"the bot's name", `bot.configure { profile = { display_name = "ann" } }`, "the bot itself is called ann"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "bot.lua")
			if err := os.WriteFile(path, []byte(tt.script), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Start(t.Context(), Options{As: "ann", Screen: &paper{}, Bot: host.Options{Script: path, Log: slog.New(slog.DiscardHandler)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Start(ctx, Options{As: "ann", Screen: &paper{}, Bot: host.Options{Source: []byte("sleep"), Log: slog.New(slog.DiscardHandler)}})
	if err == nil || errors.Is(err, host.ErrNotClosed) {
		t.Errorf("started although nobody waits: %v", err)
	}
}

// TestStop ends the session where the script stops the bot.
func TestStop(t *testing.T) {
	t.Parallel()
	s, p := start(t, `bot.on_message(function(msg) msg:reply("bye") bot.stop() end)`, Options{}, "stop", "never")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []string{`0 ann "stop"`, `0 bot "bye"`, "note The bot has stopped."}; !slices.Equal(p.shown, want) {
		t.Errorf("got %q, want %q", p.shown, want)
	}
}

// TestAccept connects somebody whom the bot accepts later, or never.
func TestAccept(t *testing.T) {
	t.Parallel()
	s, p := start(t, `bot.configure { auto_accept = false }
bot.on_event("receivedContactRequest", function(e)
  bot.after("5s", function() bot.api.accept_contact_request(e.contactRequest.contactRequestId) end)
end)`, Options{}, "too soon", ":wait 10s", "now")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"note bot has not accepted ann yet", "hint the bot has not accepted ann yet", "note bot has accepted ann", `0 ann "now"`}
	if !slices.Equal(p.shown, want) {
		t.Errorf("got %q, want %q", p.shown, want)
	}
}
