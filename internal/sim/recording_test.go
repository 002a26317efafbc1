package sim_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// line is one line of a recorded conversation with real cores.
type line struct {
	TMs    int64 `json:"t_ms"`
	DtMs   int64 `json:"dt_ms"`
	Actor  string
	Cmd    *string
	Reply  json.RawMessage
	Event  json.RawMessage
	Step   string
	Args   map[string]any
	number int
	begun  int64 // when the command was sent, in ms from the start
	body   any   // the reply or the event
}

// recording is a conversation, or several on the same databases.
type recording struct {
	name    string
	lines   []line // in the order in which they begin
	counted int    // those before this number of milliseconds are of an earlier conversation
	core    string // its version
	known   string // all commands
	given   map[string]bool
}

// preludes are the conversations whose databases others go on with.
var preludes = map[string][]string{
	"02_bot_second_start":  {"01_bot_first_start"},
	"03_bot_start_changed": {"01_bot_first_start", "02_bot_second_start"},
}

// pauseBetween is the time from one conversation to the next on the same data.
const pauseBetween = 2000

func readRecording(t *testing.T, name string) *recording {
	t.Helper()
	r := &recording{name: name, given: map[string]bool{}}
	folder, base := filepath.Split(name)
	offset := int64(0)
	for _, p := range append(slices.Clone(preludes[base]), base) {
		if p == base {
			r.counted = int(offset)
		}
		lines, core := readLines(t, folder+p)
		for _, l := range lines {
			l.TMs += offset
			l.begun = l.TMs - l.DtMs
			r.lines = append(r.lines, l)
		}
		r.core = core
		offset = r.lines[len(r.lines)-1].TMs + pauseBetween
	}
	slices.SortStableFunc(r.lines, func(a, b line) int { return int(a.begun - b.begun) })
	r.note()
	return r
}

// leastKey is how long a text is that may be a key.
const leastKey = 16

// note finds the keys and links that were answered before they were sent:
// others in a command are content.
func (r *recording) note() {
	var known, sent strings.Builder
	for _, l := range r.lines {
		if l.Cmd != nil {
			known.WriteString(*l.Cmd + "\n")
		}
	}
	r.known = known.String()
	seen := map[string]bool{}
	for _, l := range r.lines {
		if l.Cmd != nil {
			sent.WriteString(*l.Cmd + "\n")
		}
		eachText(l.body, func(s string) {
			if len(s) < leastKey || r.given[s] || seen[s] {
				return
			}
			seen[s] = true
			for _, t := range append(tokens.FindAllString(s, -1), s) {
				if len(t) >= leastKey && strings.Contains(r.known, t) && !strings.Contains(sent.String(), t) {
					r.given[t] = true
				}
			}
		})
	}
}

// readLines reads one file; the first line of it is about the conversation.
func readLines(t *testing.T, name string) (lines []line, core string) {
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
	in := bufio.NewScanner(z)
	in.Buffer(nil, 16<<20)
	for n := 1; in.Scan(); n++ {
		var l struct {
			line
			Core string
		}
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatalf("%s:%d: %v", name, n, err)
		}
		if n == 1 {
			core = shortVersion(l.Core)
			continue
		}
		l.number, l.body = n, decode(slices.Concat(l.Reply, l.Event))
		lines = append(lines, l.line)
	}
	if err := in.Err(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return lines, core
}

var otherCore = regexp.MustCompile(`^(?:process with )?core (\S+) `)

// versionSaid is the version that a remark gives to its actor from there on.
func (l line) versionSaid() string {
	m := otherCore.FindStringSubmatch(l.Step)
	if m == nil {
		return ""
	}
	return shortVersion(m[1])
}

// shortVersion names the version as the simulator does.
func shortVersion(v string) string {
	if strings.HasPrefix(v, "7.") {
		return "7.0"
	}
	return v
}

var serverStep = regexp.MustCompile(`^(message|file) server (stopped|started)`)

// serverSaid is the server that a remark takes away or brings back.
func (l line) serverSaid() (name string, up, ok bool) {
	m := serverStep.FindStringSubmatch(l.Step)
	if m == nil {
		return "", false, false
	}
	return map[string]string{"message": "smp", "file": "xftp"}[m[1]], m[2] == "started", true
}

// decode reads JSON and keeps numbers as they are written; nil is no value.
func decode(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return string(b)
	}
	return v
}

// dig is the value at a path of keys, or nil.
func dig(v any, path ...string) any {
	for _, k := range path {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

// digText is the text at a path of keys, or "".
func digText(v any, path ...string) string {
	s, _ := dig(v, path...).(string)
	return s
}

// digID is the number at a path of keys as it is written, or "".
func digID(v any, path ...string) string {
	n, _ := dig(v, path...).(json.Number)
	return n.String()
}

// eachText calls fn with every text in a value.
func eachText(v any, fn func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			eachText(x, fn)
		}
	case []any:
		for _, x := range v {
			eachText(x, fn)
		}
	case string:
		fn(v)
	}
}

// eachObject calls fn with every object in a value.
func eachObject(v any, fn func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		fn(v)
		for _, x := range v {
			eachObject(x, fn)
		}
	case []any:
		for _, x := range v {
			eachObject(x, fn)
		}
	}
}
