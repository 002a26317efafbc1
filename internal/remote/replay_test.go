package remote

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
)

// recorded is a line of a recording.
type recorded struct {
	Out string `json:"ws_out"`
	In  string `json:"ws_in"`
}

type recordedFrame struct {
	ID   *string `json:"corrId"`
	Cmd  string
	Resp struct {
		Type  string
		Error json.RawMessage `json:"chatError"`
	}
	raw json.RawMessage // of resp
}

// recording reads a file of testdata.
func recording(t *testing.T, path string) (lines []recorded) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		var line recorded
		if err := json.Unmarshal(s.Bytes(), &line); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		lines = append(lines, line)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

func readRecorded(t *testing.T, text string) (f recordedFrame) {
	t.Helper()
	var resp struct{ Resp json.RawMessage }
	if err := errors.Join(json.Unmarshal([]byte(text), &f), json.Unmarshal([]byte(text), &resp)); err != nil {
		t.Fatalf("%.200s: %v", text, err)
	}
	f.raw = resp.Resp
	return f
}

// wanted is what the library would give for the frame.
func (f recordedFrame) wanted() string {
	switch f.Resp.Type {
	case "chatCmdError", "chatError":
		return `{"error":` + string(f.Resp.Error) + `}`
	}
	return `{"result":` + string(f.raw) + `}`
}

// TestRecordedFrames: every message that the program was seen to send is told
// apart and becomes what the library would give.
func TestRecordedFrames(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.gz")
	if err != nil || len(files) == 0 {
		t.Fatalf("recordings: %q, %v", files, err)
	}
	kinds := map[frameKind]int{}
	for _, file := range files {
		for i, line := range recording(t, file) {
			if line.In == "" {
				continue
			}
			want := readRecorded(t, line.In)
			kind := frameEvent
			switch {
			case want.ID != nil:
				kind = frameReply
			case want.Resp.Type == "chatCmdError":
				kind = frameRefusal
			}
			kinds[kind]++
			got, err := parseFrame([]byte(line.In))
			if err != nil || got.kind != kind || want.ID != nil && got.id != *want.ID || string(got.body) != want.wanted() {
				t.Errorf("%s:%d: got %v %q %.200s, %v; want %v %.200s", file, i+1, got.kind, got.id, got.body, err, kind, want.wanted())
			}
		}
	}
	if len(kinds) != 3 {
		t.Errorf("the recordings hold %v, want all three kinds", kinds)
	}
}

// conversation is what the recorded clients asked, with the replies, and the
// events there were.
type conversation struct {
	asked  []exchange
	events []recordedFrame
}

// exchange is a command with its reply, and how many events came before that.
type exchange struct {
	cmd    string
	reply  recordedFrame
	events int
}

// conversationOf leaves out what is no request, and what got no reply.
func conversationOf(t *testing.T, lines []recorded) (c conversation) {
	t.Helper()
	waiting := map[string][]string{} // commands by their id
	for _, line := range lines {
		var request struct {
			ID  *string `json:"corrId"`
			Cmd *string `json:"cmd"`
		}
		if line.Out != "" && json.Unmarshal([]byte(line.Out), &request) == nil && request.ID != nil && request.Cmd != nil {
			waiting[*request.ID] = append(waiting[*request.ID], *request.Cmd)
		}
		if line.In == "" {
			continue
		}
		switch f := readRecorded(t, line.In); {
		case f.ID == nil && f.Resp.Type != "chatCmdError":
			c.events = append(c.events, f)
		case f.ID != nil && len(waiting[*f.ID]) > 0:
			c.asked = append(c.asked, exchange{waiting[*f.ID][0], f, len(c.events)})
			waiting[*f.ID] = waiting[*f.ID][1:]
		}
	}
	return c
}

// replay answers commands as in the recording, and makes its events before the
// replies that they came before.
type replay struct {
	t      *testing.T
	server *remotetest.Server
	conversation

	mu   sync.Mutex // guards what follows
	used []bool     // of asked
	made int        // of events
}

// answer finds the first such command that was not asked yet.
func (r *replay) answer(cmd string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, x := range r.asked {
		if x.cmd == cmd && !r.used[i] {
			r.used[i] = true
			r.makeEvents(x.events)
			return x.reply.raw
		}
	}
	r.t.Errorf("%.80s was not recorded, or has no reply", cmd)
	return []byte(`{"type":"cmdOk"}`)
}

// makeEvents makes the events before the one with that index.
func (r *replay) makeEvents(end int) {
	for ; r.made < end; r.made++ {
		r.server.Event(r.events[r.made].raw)
	}
}

// held starts a server that holds the recorded conversation.
func held(t *testing.T, name string) (*replay, *Core) {
	t.Helper()
	r := &replay{t: t, conversation: conversationOf(t, recording(t, filepath.Join("testdata", name+".jsonl.gz")))}
	r.used = make([]bool, len(r.asked))
	r.server = remotetest.New(t, r.answer)
	c, err := Open(t.Context(), Options{URL: r.server.URL(), ProbeTimeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if len(r.asked) == 0 {
		t.Fatal("nothing was asked")
	}
	return r, c
}

// ask sends the command of an exchange and compares what comes back.
func (x exchange) ask(t *testing.T, c *Core) {
	t.Helper()
	got, err := c.Send(t.Context(), x.cmd)
	if refused := (*OwnerError)(nil); errors.As(err, &refused) {
		return // the recorded client was no bot
	}
	if err != nil || string(got) != x.reply.wanted() {
		t.Errorf("%.80s: got %.200s, %v; want %.200s", x.cmd, got, err, x.reply.wanted())
	}
}

// TestReplay holds recorded conversations again: each reply and each event
// arrives as the library would have given it. testdata/README.md says which of
// the recordings are not among them, and why.
func TestReplay(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"01_first_start", "03_commands_in_flight", "04_events", "06_no_client", "08_ping_large_handshake",
		"09_flags_and_starts", "10_first_start_of_7.0", "12_events_of_7.0", "13_client_service_flag_of_7.0",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, c := held(t, name)
			for _, x := range r.asked {
				if len(x.cmd) <= MaxCommand {
					x.ask(t, c)
				}
			}
			r.mu.Lock()
			r.makeEvents(len(r.events))
			r.mu.Unlock()
			for i, f := range r.events {
				got, err := c.Receive(30 * time.Second)
				if err != nil || string(got) != f.wanted() {
					t.Fatalf("event %d: got %.200s, %v; want %.200s", i, got, err, f.wanted())
				}
			}
		})
	}
}

// TestReplayInFlight asks for all at once what the recorded client asked
// without waiting: each command gets its own reply.
func TestReplayInFlight(t *testing.T) {
	t.Parallel()
	r, c := held(t, "03_commands_in_flight")
	r.asked = slices.DeleteFunc(r.asked, func(x exchange) bool { return !strings.HasPrefix(*x.reply.ID, "n") })
	if len(r.asked) != 20 {
		t.Fatalf("the recording has %d commands at once, want 20", len(r.asked))
	}
	var all sync.WaitGroup
	for _, x := range r.asked {
		all.Go(func() { x.ask(t, c) })
	}
	all.Wait()
}
