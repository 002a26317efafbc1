package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/host"
	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// What no output at level info may hold: it is planted in every way that leads
// to a log, to status, to metrics or to what the program says at its end.
const (
	plantedText   = "Zyxwv Utsrq 90210"
	plantedPerson = "Quuxbert"
	plantedLink   = "https://smp9.example/a#PlantedLinkKey0123456789"
	plantedKey    = "Hunter2-PlantedDatabaseKey"
	plantedToken  = "Plantedtoken77"
	plantedGroup  = "Plughcircle"
	plantedFile   = "Grault-list.pdf"
	plantedEdit   = "Waldowaldo"
	plantedEmoji  = "🚀"
)

var planted = []string{"Zyxwv", "zyxwv", "ZYXWV", "Utsrq", "90210", plantedPerson, "PlantedLinkKey", "PlantedDatabaseKey", plantedToken,
	plantedGroup, "Grault", plantedEdit, plantedEmoji}

const leakyScript = `
local KEY = "` + plantedKey + `"
bot.configure {
  profile = { display_name = "Leaky" },
  db = { sqlite = { encryption_key = KEY } },
  log_contacts = true, log_network = true, allow_files = true, catch_up = { max_items = 2 },
}
bot.state = { last = "" }
local function fail(what, text) error(what .. ": " .. text) end
bot.on_message({ when = function(msg) if msg.text:find("^when") then fail("when", msg.text) end return false end }, function() end)
bot.on_message({ pattern = "^raise" }, function(msg) fail("raise " .. msg.sender.name, msg.text) end)
bot.on_message({ pattern = "^table" }, function(msg) error({ message = msg.text, type = msg.text }) end)
bot.on_message({ pattern = "^key" }, function(msg) local k = "` + plantedToken + `" error(KEY .. k) end)
bot.on_message({ pattern = "^options" }, function(msg) msg:reply("x", { [msg.text] = msg.text }) end)
bot.on_message({ pattern = "^refuse" }, function(msg) msg:reply(msg.text) end)
bot.on_message({ pattern = "^gone" }, function(msg) bot.send("@999", msg.text) end)
bot.on_message({ pattern = "^api" }, function(msg) bot.api.call(msg.text, { [msg.text] = 1 }) end)
bot.on_message({ pattern = "^raw" }, function(msg) bot.api.send_chat_cmd("/_connect " .. msg.text) end)
bot.on_message({ pattern = "^upper" }, function(msg) error(msg.text:upper() .. msg.text:lower()) end)
bot.on_message({ pattern = "^spawn" }, function(msg) bot.spawn(function() fail("task", msg.text) end) end)
bot.on_message({ pattern = "^keep" }, function(msg) bot.state = { last = msg.text } end)
bot.on_message({ pattern = "^ask" }, function(msg)
  local answer = msg:ask("and?")
  fail("answered", answer.text)
end)
bot.on_send_error(function(item, err) fail("undelivered " .. err.message, item.text) end)
bot.on_event("chatError", function(ev) error(json.encode(ev)) end)
bot.on_message({ pattern = "^later" }, function(msg) fail("again " .. msg.attempt, msg.text) end)
bot.on_message({ pattern = "^panic" }, function(msg) msg:reply(msg.text) end)
bot.on_message({ chat_type = "group" }, function(msg) fail("in " .. msg.chat.name .. " as " .. msg.sender.name, msg.text) end)
bot.on_message({ content_type = "file" }, function(msg) fail("file " .. json.encode(msg.file), json.encode(msg.chat_item)) end)
bot.on_edit(function(msg) fail("edited", msg.text) end)
bot.on_event({ "chatItemReaction", "joinedGroupMember", "groupLinkConnecting", "rcvFileError", "userJoinedGroup" }, function(ev) fail(ev.type, json.encode(ev)) end)
bot.on_event("receivedGroupInvitation", function(ev)
  bot.api.join_group(ev.groupInfo.groupId)
  fail("invited", json.encode(ev))
end)
bot.on_skipped(function(n) fail("skipped " .. n.too_many, bot.state.last) end)
bot.on_error(function(err) fail("on_error", err.message) end)
bot.on_reload(function(old) if old.last ~= "" then fail("old state", old.last) end end)
bot.on_stop(function() fail("stopping", bot.state.last) end)
`

// leakyCore puts events of ours among those of the core, and refuses some
// commands with the words of the command.
type leakyCore struct {
	chat.Core
	events chan string
	closed atomic.Bool
}

func (c *leakyCore) Send(ctx context.Context, cmd string) ([]byte, error) {
	if strings.HasPrefix(cmd, "/_send") && strings.Contains(cmd, "panic") {
		panic("a bug: " + cmd)
	}
	if strings.HasPrefix(cmd, "/_send") && strings.Contains(cmd, "refuse") {
		return []byte(`{"error":{"type":"error","errorType":{"type":"commandError","message":"refused ` + plantedText + ` of ` + plantedPerson + ` at ` + plantedLink + `"}}}`), nil
	}
	return c.Core.Send(ctx, cmd)
}

func (c *leakyCore) Receive(wait time.Duration) ([]byte, error) {
	select {
	case ev := <-c.events:
		return []byte(ev), nil
	default:
	}
	if c.closed.Load() {
		return nil, fmt.Errorf("lost %s %s: %w", plantedLink, plantedKey, fs.ErrClosed)
	}
	return c.Core.Receive(min(wait, 5*time.Millisecond))
}

// TestNoLeaks drives a bot into every error there is, and looks for what was
// planted in all that the program says, in both forms of logs.
func TestNoLeaks(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "text"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			noLeaks(t, format)
		})
	}
}

func noLeaks(t *testing.T, format string) {
	core := &leakyCore{events: make(chan string, 10)}
	p := prepareBots(t)
	p.format = format
	open := p.open
	p.open = func(name string, db host.Database) (chat.Core, error) {
		inner, err := open(name, db)
		core.Core = inner
		return core, err
	}
	script := map[string]string{"leaky": leakyScript}
	p.start(slog.LevelInfo, "127.0.0.1:0", script)
	bot := p.bots[0].Host()
	status, _ := bot.Status()
	person, err := p.net.Person(plantedPerson)
	if err == nil {
		err = person.Connect(status.Address)
	}
	if err != nil {
		t.Fatal(err)
	}
	say := func(text string) {
		t.Helper()
		to, err := person.Chat("Leaky")
		if err == nil {
			_, err = person.SendText(to, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	testkit.Until(t, "the person is connected", func() bool { return p.connected(bot) > 0 })
	for _, word := range []string{"when", "raise", "table", "key", "options", "refuse", "gone", "api", "raw", "upper", "spawn", "keep", "ask", "answer", "panic"} {
		say(word + " " + plantedText + " " + plantedLink)
	}
	p.plantMore(t, person)
	for _, ev := range []string{
		`{"error":{"type":"errorAgent","agentError":{"type":"SMP","message":"` + plantedText + `","serverAddress":"` + plantedLink + `"}}}`,
		`{"error":{"type":"errorAgent","agentError":{"type":"CRITICAL","offerRestart":true,"criticalErr":"lost ` + plantedLink + ` password=` + plantedKey + `"}}}`,
		`{"result":{"type":"chatItemsStatusesUpdated","user":{"userId":1},"chatItems":[` + undelivered + `]}}`,
		`{"result":{"type":"groupLinkConnecting","user":{"userId":1},"groupInfo":` + unknownGroup + `,"hostMember":{"groupMemberId":8,"localDisplayName":"` + plantedPerson + `"}}}`,
		`{"result":{"type":"rcvFileError","user":{"userId":1},"agentError":{"type":"FILE","fileErr":"` + plantedFile + `"},"rcvFileTransfer":{"fileId":1,"fileInvitation":{"fileName":"` + plantedFile + `"},"fileStatus":{"filePath":"/photos/` + plantedFile + `"}}}}`,
		`{"result":"` + plantedText,
	} {
		core.events <- ev
	}
	logged := func(want string) {
		t.Helper()
		testkit.Until(t, want+" is logged", func() bool { return strings.Contains(p.log.String(), want) })
	}
	for _, want := range []string{"when: ", "raise …: ", "options", "core answered", "spawn", "answered: ", "critical", "undelivered", "event is lost", "on_error: ",
		"a bug", "in … as …", "file {", "edited: ", "invited: ", "chatItemReaction: ", "groupLinkConnecting: ", "rcvFileError: "} {
		logged(want)
	}
	said := &strings.Builder{}
	take := func(args ...string) {
		stdout, stderr, _ := p.command("", args...)
		said.WriteString(stdout + stderr)
	}
	take("reload", "--data", p.data)
	if !strings.Contains(said.String(), "old state: keep …") {
		t.Errorf("the reload did not fail: %s", said)
	}
	take("status", "--data", p.data)
	take("status", "--data", p.data, "--json")
	take("doctor", "--data", p.data, filepath.Join(p.dir, "leaky.lua"))
	take("backup", "--data", p.data, "-o", filepath.Join(p.dir, "running.backup"))
	said.WriteString(scrape(t, p))
	fmt.Fprintln(said, p.end())

	// What came while the bot was off, and a script that does not load any more.
	// Messages have whole seconds: these are later than the bot's last answer.
	answered := time.Now().Truncate(time.Second)
	testkit.Until(t, "another second", func() bool { return time.Since(answered) > time.Second })
	p.receiveOnly(t, "leaky", plantedKey, func() {
		for range 3 {
			say("later " + plantedText)
		}
	})
	p.start(slog.LevelInfo, "", script)
	logged("again 1: ")
	logged("skipped ")
	core.closed.Store(true)
	fmt.Fprintln(said, p.end())
	for _, bad := range []string{`error("token " .. ("` + plantedToken[:7] + `") .. "` + plantedToken[7:] + `")`, "local key = '" + plantedKey + "' error(key)", "x = '" + plantedToken + "' ="} {
		script["leaky"] = bad
		p.start(slog.LevelInfo, "", script)
		fmt.Fprintln(said, p.end())
	}
	said.WriteString(p.log.String())
	for _, secret := range planted {
		for line := range strings.Lines(said.String()) {
			if strings.Contains(line, secret) {
				t.Errorf("%s in: %s", secret, line)
			}
		}
	}
	if strings.Contains(p.log.String(), status.Address) {
		t.Error("the bot's address is in the log")
	}
}

const undelivered = `{"chatInfo":{"type":"direct","contact":{"contactId":1,"localDisplayName":"` + plantedPerson + `","createdAt":"2026-01-01T00:00:00Z"}},` +
	`"chatItem":{"chatDir":{"type":"directSnd"},"meta":{"itemId":1,"itemText":"` + plantedText + `","itemTs":"2026-01-01T00:00:00Z","createdAt":"2026-01-01T00:00:00Z",` +
	`"itemStatus":{"type":"sndError","agentError":{"type":"other","sndError":"` + plantedLink + `"}}},"content":{"type":"sndMsgContent","msgContent":{"type":"text","text":"` + plantedText + `"}}}}`

const unknownGroup = `{"groupId":7,"localDisplayName":"` + plantedGroup + `","groupProfile":{"displayName":"` + plantedGroup + `"},"createdAt":"2026-01-01T00:00:00Z","membership":{"groupMemberId":9,"memberRole":"member"}}`

// plantMore writes in a group, sends a file, edits and reacts.
func (p *operated) plantMore(t *testing.T, person *sim.Person) {
	t.Helper()
	file := filepath.Join(t.TempDir(), plantedFile)
	if err := os.WriteFile(file, []byte(plantedText), 0o600); err != nil {
		t.Fatal(err)
	}
	bot, err := person.Chat("Leaky")
	if err != nil {
		t.Fatal(err)
	}
	item, err := person.SendText(bot, "to be edited")
	if err == nil {
		_, err = person.SendFile(bot, file, plantedText)
	}
	if err == nil {
		err = person.Edit(bot, item, plantedEdit)
	}
	if err == nil {
		err = person.React(bot, item, plantedEmoji, true)
	}
	var group sim.Chat
	if err == nil {
		group, err = person.CreateGroup(plantedGroup)
	}
	if err == nil {
		err = person.Invite(group, bot, "member")
	}
	if err != nil {
		t.Fatal(err)
	}
	testkit.Until(t, "the bot joined", func() bool { return strings.Contains(p.log.String(), "userJoinedGroup: ") })
	if _, err := person.SendText(group, plantedText); err != nil {
		t.Fatal(err)
	}
}

// receiveOnly stores what arrives while do runs, unread, as a process does that
// is killed.
func (p *operated) receiveOnly(t *testing.T, name, key string, do func()) {
	t.Helper()
	core, _, err := p.net.Open(name, key, "yesUp")
	if err == nil {
		_, err = core.Send(t.Context(), "/_start")
	}
	if err != nil {
		t.Fatal(err)
	}
	do()
	for seen := 0; seen < 3; {
		ev, err := core.Receive(time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(ev), `"newChatItems"`) {
			seen++
		}
	}
	if err := core.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// connected counts the contacts of a bot.
func (p *operated) connected(h *host.Host) int {
	p.t.Helper()
	result, err := h.Eval(p.t.Context(), `#bot.api.list_contacts(bot.info.user_id)`, os.Stderr)
	if err != nil {
		p.t.Fatal(err)
	}
	n := 0
	_, _ = fmt.Sscan(result, &n)
	return n
}

// scrape is what /metrics answers.
func scrape(t *testing.T, p *operated) string {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := c.Get("http://" + p.op.ops.Address() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestDebugShowsTexts: at level debug errors are told in full, but for keys.
func TestDebugShowsTexts(t *testing.T) {
	t.Parallel()
	p := startBots(t, slog.LevelDebug, "", map[string]string{"open": `
		bot.configure { db = { sqlite = { encryption_key = "` + plantedKey + `" } } }
		bot.on_start(function() error("` + plantedText[:3] + `" .. "` + plantedText[3:] + ` ` + plantedKey + `") end)`})
	_ = p.end()
	if log := p.log.String(); !strings.Contains(log, plantedText) || strings.Contains(log, plantedKey) {
		t.Errorf("got %s", log)
	}
	if _, err := os.Stat(filepath.Join(p.data, "open")); err != nil {
		t.Error(err)
	}
}

// TestLogDurations checks that durations in JSON have units, as in texts.
func TestLogDurations(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	newLogger(&out, slog.LevelInfo, "json").Info("stopped", "took", 1500*time.Millisecond)
	if !strings.Contains(out.String(), `"took":"1.5s"`) {
		t.Errorf("%s", out.String())
	}
}
