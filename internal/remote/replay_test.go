package remote

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/remote/remotetest"
)

// recorded is a line of a recording.
type recorded struct {
	Out  string `json:"ws_out"`
	In   string `json:"ws_in"`
	Step string `json:"step"`
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

// recording reads a file of testdata, up to the first end of the program if
// once is set.
func recording(t *testing.T, path string, once bool) (lines []recorded) {
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
		if once && line.Step == "program ended" {
			break
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
		for i, line := range recording(t, file, false) {
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

// replay answers commands as the recording does, and makes its events before
// the replies that they came before.
type replay struct {
	t      *testing.T
	server *remotetest.Server

	mu    sync.Mutex // guards lines
	lines []recorded
}

// answer finds the next command that reads so, and its reply.
func (r *replay) answer(cmd string) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	id := ""
	for i, line := range r.lines {
		switch {
		case line.Out != "" && id == "":
			if f := readRecorded(r.t, line.Out); f.Cmd == cmd && f.ID != nil {
				id = *f.ID
			}
		case line.In != "":
			f := readRecorded(r.t, line.In)
			switch {
			case f.ID == nil:
				r.server.Event(f.raw)
			case *f.ID == id:
				r.lines = r.lines[i+1:]
				return f.raw
			}
		}
	}
	r.t.Errorf("%.80s was not recorded, or has no reply", cmd)
	return []byte(`{"type":"cmdOk"}`)
}

// rest makes the events after the last reply.
func (r *replay) rest() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines {
		if line.In == "" {
			continue
		}
		if f := readRecorded(r.t, line.In); f.ID == nil {
			r.server.Event(f.raw)
		}
	}
}

// TestReplay holds recorded conversations again: each reply and each event
// arrives as the library would have given it.
func TestReplay(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"01_first_start", "04_events", "12_events_of_7.0"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := recording(t, filepath.Join("testdata", name+".jsonl.gz"), true)
			r := &replay{t: t, lines: lines}
			r.server = remotetest.New(t, r.answer)
			c, err := Open(t.Context(), Options{URL: r.server.URL(), ProbeTimeout: -1})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := c.Close(t.Context()); err != nil {
					t.Errorf("close: %v", err)
				}
			}()
			var events []string
			replies := map[string]string{}
			for _, line := range lines {
				if line.In == "" {
					continue
				}
				if f := readRecorded(t, line.In); f.ID == nil {
					events = append(events, f.wanted())
				} else {
					replies[*f.ID] = f.wanted()
				}
			}
			for _, line := range lines {
				if line.Out == "" {
					continue
				}
				f := readRecorded(t, line.Out)
				got, err := c.Send(t.Context(), f.Cmd)
				if refused := (*OwnerError)(nil); errors.As(err, &refused) && refused.Command == "/_start" {
					continue // the recorded client had tried it
				}
				if err != nil || string(got) != replies[*f.ID] {
					t.Errorf("%.80s: got %.200s, %v; want %.200s", f.Cmd, got, err, replies[*f.ID])
				}
			}
			r.rest()
			for i, want := range events {
				got, err := c.Receive(10 * time.Second)
				if err != nil || string(got) != want {
					t.Fatalf("event %d: got %.200s, %v; want %.200s", i, got, err, want)
				}
			}
		})
	}
}
