package sim_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// facts are the documented responses, events and types of the core, in a
// compact form: a field's name ends in "?" where it may be missing; a type is a
// primitive's or type's name, or ["array", T] or ["map", T].
type facts struct {
	Results      map[string][]map[string]any // some tags are a response and an event
	Types        map[string]factType
	Undocumented []string
}

type factType struct {
	Record map[string]any
	Tag    string
	Union  map[string]map[string]any
	More   []string
	Enum   []string
	Open   bool
}

var readFacts = sync.OnceValue(func() facts {
	f, err := os.Open("testdata/facts.json.gz")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		panic(err)
	}
	var fs facts
	if err := json.NewDecoder(z).Decode(&fs); err != nil {
		panic(err)
	}
	return fs
})

// checkFacts compares a reply or event with the documentation.
func checkFacts(body []byte) error {
	var m map[string]map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	fs := readFacts()
	if e, ok := m["error"]; ok {
		return fs.check(e, "ChatError", "error")
	}
	r := m["result"]
	tag, _ := r["type"].(string)
	variants, ok := fs.Results[tag]
	if !ok {
		if slices.Contains(fs.Undocumented, tag) {
			return nil
		}
		return fmt.Errorf("unknown tag %q", tag)
	}
	var err error
	for _, fields := range variants {
		if err = fs.fields(r, fields, tag, "type"); err == nil {
			return nil
		}
	}
	return err
}

func (fs facts) fields(v map[string]any, fields map[string]any, path string, tag string) error {
	known := map[string]bool{tag: true}
	for name, typ := range fields {
		bare, optional := strings.CutSuffix(name, "?")
		known[bare] = true
		x, ok := v[bare]
		if !ok {
			if !optional {
				return fmt.Errorf("%s: field %s is missing", path, bare)
			}
			continue
		}
		if bare == "agentUserId" { // documented as a number, is a string
			continue
		}
		if err := fs.check(x, typ, path+"."+bare); err != nil {
			return err
		}
	}
	for name := range v {
		if !known[name] && name != "ttl" { // the core adds it to preferences
			return fmt.Errorf("%s: unknown field %s", path, name)
		}
	}
	return nil
}

func (fs facts) check(v any, typ any, path string) error {
	wrong := func() error { return fmt.Errorf("%s: %v is no %v", path, v, typ) }
	if list, ok := typ.([]any); ok {
		if list[0] == "array" {
			xs, ok := v.([]any)
			if !ok {
				return wrong()
			}
			for i, x := range xs {
				if err := fs.check(x, list[1], fmt.Sprintf("%s[%d]", path, i)); err != nil {
					return err
				}
			}
			return nil
		}
		xs, ok := v.(map[string]any)
		if !ok {
			return wrong()
		}
		for k, x := range xs {
			if err := fs.check(x, list[1], path+"."+k); err != nil {
				return err
			}
		}
		return nil
	}
	ok := true
	switch typ {
	case "bool":
		_, ok = v.(bool)
	case "string":
		_, ok = v.(string)
	case "int", "int64", "word32", "double":
		_, ok = v.(float64)
	case "JSONObject":
		_, ok = v.(map[string]any)
	case "UTCTime":
		s, _ := v.(string)
		_, err := time.Parse(time.RFC3339Nano, s)
		ok = err == nil
	default:
		return fs.named(v, typ.(string), path)
	}
	if !ok {
		return wrong()
	}
	return nil
}

func (fs facts) named(v any, name, path string) error {
	t, ok := fs.Types[name]
	if !ok {
		return nil // only in parameters
	}
	if t.Enum != nil {
		if s, _ := v.(string); !t.Open && !slices.Contains(t.Enum, s) {
			return fmt.Errorf("%s: %v is no %s", path, v, name)
		}
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: %v is no %s", path, v, name)
	}
	if t.Record != nil {
		return fs.fields(m, t.Record, path, "")
	}
	tag, _ := m[t.Tag].(string)
	fields, ok := t.Union[tag]
	if !ok {
		if slices.Contains(t.More, tag) || name == "MsgContent" {
			return nil
		}
		return fmt.Errorf("%s: %q is no tag of %s", path, tag, name)
	}
	return fs.fields(m, fields, path, t.Tag)
}

func TestFactsFindMistakes(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"result":{"type":"nonsense"}}`,
		`{"result":{"type":"chatStarted","extra":1}}`,
		`{"result":{"type":"hostConnected","protocol":"smp"}}`,
		`{"error":{"type":"error","errorType":{"type":"nonsense"}}}`,
	} {
		if checkFacts([]byte(body)) == nil {
			t.Errorf("%s passes", body)
		}
	}
	if err := checkFacts([]byte(`{"result":{"type":"chatStarted"}}`)); err != nil {
		t.Error(err)
	}
}
