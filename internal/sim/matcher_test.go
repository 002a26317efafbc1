package sim_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
)

// matcher compares recorded JSON with ours. Keys, links, random names and times
// map one to one over the whole conversation; numbers of rows are the same.
type matcher struct {
	ours, theirs map[string]string // recorded to ours, ours to recorded
}

func newMatcher() *matcher { return &matcher{map[string]string{}, map[string]string{}} }

var (
	token = regexp.MustCompile(`(?:simplex:/|https?://)[^\s"'<>\\]*#[^\s"'<>\\]*|(?:smp|xftp)://[A-Za-z0-9_=-]+@[A-Za-z0-9.:]+|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|[A-Za-z0-9+/_-]{16,}={0,2}`)
	whole = regexp.MustCompile(`T\d\d:\d\d:\d\dZ$`)
)

// opaque are fields whose text is made up; sets have no order.
var (
	opaque = []string{"fileDescrText", "privateSndFileDescr", "connectError", "displayName", "localDisplayName"}
	sets   = []string{"connections", "agentConnIds", "deletedRcvQueues"}
)

func (m *matcher) compare(want, got []byte) error {
	var w, g any
	if err := json.Unmarshal(want, &w); err != nil {
		return err
	}
	if err := json.Unmarshal(got, &g); err != nil {
		return err
	}
	found := map[string]string{}
	if err := m.same(w, g, "", "", found); err != nil {
		return err
	}
	for r, o := range found {
		m.ours[r], m.theirs[o] = o, r
	}
	return nil
}

func (m *matcher) same(want, got any, path, key string, found map[string]string) error {
	differ := func() error { return fmt.Errorf("%s: want %.120v got %.120v", path, want, got) }
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return differ()
		}
		for k := range g {
			if _, ok := w[k]; !ok {
				return fmt.Errorf("%s.%s: not wanted, got %.120v", path, k, g[k])
			}
		}
		for k := range w {
			if _, ok := g[k]; !ok {
				return fmt.Errorf("%s.%s: missing, want %.120v", path, k, w[k])
			}
			if err := m.same(w[k], g[k], path+"."+k, k, found); err != nil {
				return err
			}
		}
		return nil
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return differ()
		}
		if slices.Contains(sets, key) {
			return nil
		}
		for i := range w {
			if err := m.same(w[i], g[i], fmt.Sprintf("%s[%d]", path, i), key, found); err != nil {
				return err
			}
		}
		return nil
	case string:
		g, ok := got.(string)
		if !ok || !m.sameText(w, g, key, found) {
			return differ()
		}
		return nil
	}
	if want != got {
		return differ()
	}
	return nil
}

func (m *matcher) sameText(want, got, key string, found map[string]string) bool {
	if want == got {
		return true
	}
	if slices.Contains(opaque, key) {
		return m.pair(want, got, found)
	}
	ws, gs := token.FindAllString(want, -1), token.FindAllString(got, -1)
	if len(ws) != len(gs) || token.ReplaceAllString(want, "?") != token.ReplaceAllString(got, "?") {
		return false
	}
	for i := range ws {
		if key == "chatTs" || whole.MatchString(ws[i]) { // the second may be the next one
			continue
		}
		if ws[i] != gs[i] && !m.pair(ws[i], gs[i], found) {
			return false
		}
	}
	return true
}

// pair maps a recorded text to ours, one to one.
func (m *matcher) pair(want, got string, found map[string]string) bool {
	known, ok := m.ours[want]
	if !ok {
		known, ok = found[want]
	}
	if ok {
		return known == got
	}
	if other, ok := m.theirs[got]; ok && other != want {
		return false
	}
	found[want] = got
	return true
}

// translate puts our keys and links into a recorded command, the longest first.
func (m *matcher) translate(cmd string) string {
	known := make([]string, 0, len(m.ours))
	for r := range m.ours {
		if len(r) > 15 && strings.Contains(cmd, r) {
			known = append(known, r)
		}
	}
	sort.Slice(known, func(i, j int) bool { return len(known[i]) > len(known[j]) })
	pairs := make([]string, 0, 2*len(known))
	for _, r := range known {
		pairs = append(pairs, r, m.ours[r])
	}
	return strings.NewReplacer(pairs...).Replace(cmd)
}

// heard is an event of ours, read once.
type heard struct {
	body  []byte
	key   string
	value any
}

func hear(body []byte) heard {
	h := heard{body: body, key: eventKey(body)}
	_ = json.Unmarshal(body, &h.value)
	return h
}

// find finds the event that stands for a recorded one: the first of its kind in
// that chat that agrees, else the first of its kind. Errors have no kind.
func (m *matcher) find(want []byte, events []heard) int {
	w, first := hear(want), -1
	for i, e := range events {
		if e.key != w.key {
			continue
		}
		if m.same(w.value, e.value, "", "", map[string]string{}) == nil {
			return i
		}
		if first < 0 && w.key != "error" {
			first = i
		}
	}
	return first
}

func TestMatcher(t *testing.T) {
	t.Parallel()
	m := newMatcher()
	for _, tt := range []struct {
		want, got string
		same      bool
	}{
		{`{"k":"AAAAAAAAAAAAAAAAAAAA"}`, `{"k":"BBBBBBBBBBBBBBBBBBBB"}`, true},
		{`{"k":"AAAAAAAAAAAAAAAAAAAA"}`, `{"k":"CCCCCCCCCCCCCCCCCCCC"}`, false},
		{`{"k":"DDDDDDDDDDDDDDDDDDDD"}`, `{"k":"BBBBBBBBBBBBBBBBBBBB"}`, false},
		{`{"a":1}`, `{"a":1,"b":2}`, false},
		{`{"a":1}`, `{"a":2}`, false},
		{`{"a":"text"}`, `{"a":"other"}`, false},
	} {
		if err := m.compare([]byte(tt.want), []byte(tt.got)); (err == nil) != tt.same {
			t.Errorf("%s and %s: got %v, want the same: %v", tt.want, tt.got, err, tt.same)
		}
	}
}
