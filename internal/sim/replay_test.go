package sim_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// step is one line of a recorded conversation with real cores.
type step struct {
	TMs    int64 `json:"t_ms"`
	DtMs   int64 `json:"dt_ms"`
	Actor  string
	Cmd    *string
	Reply  json.RawMessage
	Event  json.RawMessage
	Step   string
	Args   json.RawMessage
	number int
}

func readTranscript(t *testing.T, name string) []step {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "replay", name+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		s := step{number: n}
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("%s:%d: %v", name, n, err)
		}
		steps = append(steps, s)
	}
	return steps
}

// leftOut are commands whose replies are not simulated in full.
var leftOut = []string{"/smp", "/_info", "/_set alias"}

// recording is a conversation, or several on the same databases, and how many of
// 1000 steps agree at least.
type recording struct {
	names []string
	min   int
}

// replayed are the recordings of version 6.5.1.
var replayed = []recording{
	{[]string{"01_bot_first_start", "02_bot_second_start", "03_bot_start_changed"}, 1000},
	{[]string{"04_contact_connects_auto_accept"}, 920}, // two items at once have either number
	{[]string{"04b_contact_connects_like_an_app"}, 1000},
	{[]string{"04c_reply_to_request_message"}, 1000},
	{[]string{"05_manual_accept_reject"}, 1000},
	{[]string{"05b_request_with_message"}, 1000},
	{[]string{"07_text_messages"}, 1000},
	{[]string{"08_content_types"}, 810}, // how far a file was when it was looked at
	{[]string{"09_edit_delete_react"}, 1000},
	{[]string{"10_live_messages"}, 1000},
	{[]string{"11_timed_messages"}, 1000},
	{[]string{"14a_group_basic"}, 1000},
	{[]string{"14b_group_link"}, 960},
	{[]string{"14c_group_joined_like_an_app"}, 1000},
	{[]string{"15a_group_messages"}, 990},
	{[]string{"15b_reports_and_support_scope"}, 980},
	{[]string{"15c_member_admission"}, 1000},
	{[]string{"16_business_address"}, 1000},
	{[]string{"17_member_contacts"}, 900}, // two members may be told in either order
	{[]string{"18_users"}, 1000},
	{[]string{"25_contact_deletes_bot"}, 1000},
	{[]string{"12_statuses_and_receipts"}, 980},
	{[]string{"15d_moderate_reported"}, 1000},
	{[]string{"19a_lists_and_pagination"}, 980},
	{[]string{"19b_chat_settings"}, 890},       // security codes, which are another text each time
	{[]string{"20a_errors_before_start"}, 970}, // addresses of preset servers
	{[]string{"26_incognito"}, 1000},
	{[]string{"27_channels_and_relays"}, 840}, // numbers of connections that the agent has for a moment
	{[]string{"27b_public_group_fails"}, 1000},
}

// TestReplay sends recorded commands and compares what comes back with what
// the real core answered: the same values after renaming keys, links and times.
func TestReplay(t *testing.T) {
	t.Parallel()
	for i, tt := range replayed {
		if raced && i%6 != 0 {
			continue // each conversation has one goroutine: a few show enough
		}
		t.Run(tt.names[0], func(t *testing.T) {
			t.Parallel()
			tt.replay(t, sim.Options{Seed: 7})
		})
	}
}

// TestReplaySeven is TestReplay with version 7.0, for everybody or for one.
func TestReplaySeven(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		version  string
		versions map[string]string
		min      int
	}{
		{"32_new_in_7.0", "7.0", nil, 1000},
		{"15a_group_messages", "7.0", nil, 990},
		{"27_channels_and_relays", "7.0", nil, 830}, // as above
		{"31a_bot_7.0_contact_6.5.1", "7.0", map[string]string{"alice": "6.5.1"}, 1000},
		{"31b_bot_6.5.1_contact_7.0", "6.5.1", map[string]string{"alice": "7.0"}, 1000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := recording{[]string{"v7/" + tt.name}, tt.min}
			r.replay(t, sim.Options{Seed: 7, Version: tt.version, Versions: tt.versions})
		})
	}
}

func (r recording) replay(t *testing.T, opts sim.Options) {
	t.Helper()
	opts.Dir = filesOf(t)
	d, m := newDriver(t, opts), newMatcher()
	steps, agree := 0, 0
	for _, name := range r.names {
		s, a := d.replay(name, m)
		steps, agree = steps+s, agree+a
	}
	t.Logf("%d of %d steps agree", agree, steps)
	if agree*1000 < r.min*steps {
		t.Errorf("%d of %d steps agree, want %.1f %%", agree, steps, float64(r.min)/10)
	}
}

// filesOf makes the files that the conversations send.
func filesOf(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	sizes := map[string]int{"pic.png": 179, "clip.mp4": 60000, "voice.m4a": 20000, "doc.pdf": 50000, "from_alice.bin": 120000}
	for _, actor := range []string{"bot", "alice"} {
		folder := filepath.Join(dir, "files", actor)
		must(t, os.MkdirAll(folder, 0o700))
		for name, size := range sizes {
			if strings.HasPrefix(name, "from_") && name != "from_"+actor+".bin" {
				continue
			}
			must(t, os.WriteFile(filepath.Join(folder, name), make([]byte, size), 0o600))
		}
	}
	return dir
}

// replay runs one conversation and counts the steps that agree.
func (d *driver) replay(name string, m *matcher) (steps, agree int) {
	d.t.Helper()
	all := readTranscript(d.t, name)
	begun := append([]step(nil), all[1:]...)
	sort.SliceStable(begun, func(i, j int) bool { return begun[i].TMs-begun[i].DtMs < begun[j].TMs-begun[j].DtMs })
	judge := func(s step, got []byte, want json.RawMessage) {
		steps++
		facts := sixFacts()
		if d.opts.Version == "7.0" && d.opts.Versions[s.Actor] == "" || d.opts.Versions[s.Actor] == "7.0" {
			facts = sevenFacts()
		}
		if err := facts.checkBody(got); err != nil {
			d.t.Errorf("%s:%d: %v", name, s.number, err)
		}
		if err := m.compare(want, got); err != nil {
			d.t.Logf("%s:%d: %v", name, s.number, err)
			return
		}
		agree++
	}
	now := int64(0)
	wanted := map[string][]step{}
	for _, s := range begun {
		if at := s.TMs - s.DtMs; at > now {
			d.send(map[string]any{"advance_ms": at - now})
			now = at
		}
		switch {
		case s.Event != nil:
			wanted[s.Actor] = append(wanted[s.Actor], s)
		case s.Step == "chat_migrate_init":
			d.send(map[string]any{"actor": s.Actor, "init": s.Args})
		case s.Step == "chat_close_store":
			d.send(map[string]any{"actor": s.Actor, "close": true})
		case s.Cmd != nil:
			reply := d.send(map[string]any{"actor": s.Actor, "cmd": m.translate(*s.Cmd)})
			if !hasPrefix(*s.Cmd, leftOut) {
				judge(s, reply, s.Reply)
			}
		}
	}
	d.send(map[string]any{"advance_ms": 8000})
	for actor, want := range wanted {
		var got []heard
		for _, e := range d.events[actor] {
			got = append(got, hear(e))
		}
		for _, s := range want {
			i := m.find(s.Event, got)
			if i < 0 && eventKey(s.Event) == "error" { // of connections that end
				continue
			}
			if i < 0 {
				steps++
				d.t.Logf("%s:%d: %s is missing", name, s.number, eventKey(s.Event))
				continue
			}
			judge(s, got[i].body, s.Event)
			got = append(got[:i], got[i+1:]...)
		}
		for _, extra := range got {
			if !mayBeMore(extra.key) {
				steps++
				d.t.Logf("%s: more: %.200s", name, extra.body)
			}
		}
	}
	d.events = map[string][][]byte{}
	return steps, agree
}

func hasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// eventKey is what has its own order: the events of one kind in one chat.
func eventKey(event []byte) string {
	var e struct {
		Result struct {
			Type      string
			ChatItems []struct{ ChatInfo json.RawMessage }
			Contact   struct{ ContactID int64 }
			GroupInfo struct{ GroupID int64 }
		}
		Error json.RawMessage
	}
	_ = json.Unmarshal(event, &e)
	if e.Error != nil {
		return "error"
	}
	key := e.Result.Type
	for _, it := range e.Result.ChatItems {
		var c struct {
			Contact   struct{ ContactID int64 }
			GroupInfo struct{ GroupID int64 }
		}
		_ = json.Unmarshal(it.ChatInfo, &c)
		return fmt.Sprint(key, " @", c.Contact.ContactID, " #", c.GroupInfo.GroupID)
	}
	return fmt.Sprint(key, " @", e.Result.Contact.ContactID, " #", e.Result.GroupInfo.GroupID)
}

// mayBeMore tells of events that the real core does not repeat.
func mayBeMore(key string) bool {
	return strings.HasPrefix(key, "agent") || strings.HasPrefix(key, "subscriptionStatus")
}
