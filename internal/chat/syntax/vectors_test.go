package syntax

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// vector is one command string and what it means, as the core's own tools write it.
type vector struct {
	ID        string
	Command   string
	Params    map[string]any
	Expected  string
	Also      []string
	JSONParam string `json:"json_param"`
	Accepts   bool
	Note      string
}

func readVectors(t *testing.T) []vector {
	t.Helper()
	f, err := os.Open("testdata/vectors.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v vector
		dec := json.NewDecoder(strings.NewReader(lines.Text()))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		vs = append(vs, v)
	}
	if len(vs) < 1000 {
		t.Fatalf("got %d vectors, want over 1000", len(vs))
	}
	return vs
}

// TestVectors parses every golden command string back into its parameters.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, v := range readVectors(t) {
		for _, s := range append([]string{v.Expected}, v.Also...) {
			cmd, ok := Parse(s)
			switch {
			case v.Note == "unknown reaction": // well formed; which emoji exist is not grammar
				continue
			case strings.HasPrefix(s, "/_groups ") && strings.Contains(s, " @-"): // a search for "@-5"
				continue
			case !v.Accepts:
				if ok {
					t.Errorf("%s: %q parses as %s, want none: %s", v.ID, s, cmd.Name, v.Note)
				}
				continue
			case !ok:
				t.Errorf("%s: %q does not parse", v.ID, s)
				continue
			case v.Note != "": // read as something else: the value looks like an option
				continue
			case cmd.Name != v.Command:
				t.Errorf("%s: %q parses as %s, want %s", v.ID, s, cmd.Name, v.Command)
				continue
			case cmd.Class != Documented:
				t.Errorf("%s: class %v, want documented", v.ID, cmd.Class)
			}
			if err := cmd.agrees(v); err != nil && s == v.Expected {
				t.Errorf("%s: %q: %v", v.ID, s, err)
			}
		}
	}
}

// agrees compares the parameters that were found with those that were given.
func (c Command) agrees(v vector) error {
	for name, want := range v.Params {
		if name == "preparedLink_" && want != nil {
			link := want.(map[string]any)
			if c.Text("link") != link["connFullLink"] || link["connShortLink"] != nil && c.Text("shortLink") != link["connShortLink"] {
				return fmt.Errorf("link %q %q, want %v", c.Text("link"), c.Text("shortLink"), link)
			}
			continue
		}
		if name == "chatDeleteMode" {
			mode := want.(map[string]any)
			if c.Text("mode") != mode["type"] || mode["notify"] != nil && c.On("notify", true) != mode["notify"] {
				return fmt.Errorf("mode %q notify %v, want %v", c.Text("mode"), c.On("notify", true), mode)
			}
			continue
		}
		p, ok := c.param(name)
		if !ok { // left out where it has a default, or never written
			continue
		}
		if err := p.agrees(want); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func (p param) agrees(want any) error {
	var got any
	switch p.kind {
	case kindOnOff:
		got = p.text == "on"
	case kindInt:
		got, want = strconv.FormatInt(wrap(p.text), 10), fmt.Sprint(want)
	case kindPage: // count=10, the only form that is documented
		got, want = fmt.Sprint(readPage(p.text).Count), fmt.Sprint(want.(map[string]any)["count"])
	case kindInts:
		got, want = p.text, strings.ReplaceAll(strings.Trim(fmt.Sprint(want), "[]"), " ", ",")
	case kindRef, kindSendRef:
		r, _, _ := readRef(p.text)
		got, want = r.String(), refOf(want.(map[string]any))
	case kindJSON, kindObject, kindObjects, kindData, kindPassword:
		dec := json.NewDecoder(strings.NewReader(p.text))
		dec.UseNumber()
		if err := dec.Decode(&got); err != nil {
			return err
		}
		if !sameJSON(got, want) {
			return fmt.Errorf("got %v, want %v", got, want)
		}
		return nil
	default:
		got = p.text
		if s, ok := want.(string); ok {
			want = strings.TrimRight(s, " \t\r\n\f\v")
		}
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

func refOf(v map[string]any) string {
	s := map[any]string{"direct": "@", "group": "#", "local": "*"}[v["chatType"]] + fmt.Sprint(v["chatId"])
	scope, ok := v["chatScope"].(map[string]any)
	switch {
	case !ok:
	case scope["groupMemberId_"] != nil && fmt.Sprint(scope["groupMemberId_"]) != "0":
		s += fmt.Sprintf("(_support:%v)", scope["groupMemberId_"])
	default:
		s += "(_support)"
	}
	return s
}

// sameJSON compares values; numbers by value, since 1.0 and 1 are the same.
func sameJSON(a, b any) bool {
	switch x := a.(type) {
	case json.Number:
		y, ok := b.(json.Number)
		if !ok || x == y {
			return ok
		}
		f, errF := x.Float64()
		g, errG := y.Float64()
		return errF == nil && errG == nil && f == g
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k := range x {
			if _, ok := y[k]; !ok || !sameJSON(x[k], y[k]) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !sameJSON(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	return a == b
}
