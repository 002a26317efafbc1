package sim_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// facts are the documented responses, events and types of one version of the
// core. A field's name ends in "?" where it may be missing; a type is the name
// of a primitive or of a type, or ["array", T], ["list", T] with one T at least,
// or ["map", T].
type facts struct {
	results      map[string][]map[string]any // some tags are a response and an event
	types        map[string]factType
	undocumented []string
	usual        map[string]any // types of fields that are the same in all results
}

type factType struct {
	record map[string]any
	tag    string
	union  map[string]map[string]any
	more   []string // tags that occur and are not documented
	enum   []string
	open   bool // other values occur
}

// documentation is the file of facts as it is.
type documentation struct {
	Responses, Events []docVariant
	Types             []struct {
		Name, Kind string
		TagField   string `json:"tag_field"`
		Fields     []docField
		Members    []docVariant
		More       []string `json:"undocumented_tags"`
		Values     []string
		MoreValues []string `json:"undocumented_values"`
		Open       bool
	}
	Undocumented struct{ Responses, Events []string }
}

type docVariant struct {
	Tag    string
	Fields []docField
}

type docField struct {
	Name     string
	Type     docType
	Optional bool
}

type docType struct {
	Prim, Ref string
	Array     *docType
	NonEmpty  bool      `json:"non_empty"`
	Map       []docType // of what, to what
}

func (t docType) short() any {
	switch {
	case t.Array != nil && t.NonEmpty:
		return []any{"list", t.Array.short()}
	case t.Array != nil:
		return []any{"array", t.Array.short()}
	case len(t.Map) == 2:
		return []any{"map", t.Map[1].short()}
	}
	return t.Prim + t.Ref
}

func shortFields(fields []docField) map[string]any {
	m := map[string]any{}
	for _, f := range fields {
		name := f.Name
		if f.Optional {
			name += "?"
		}
		m[name] = f.Type.short()
	}
	return m
}

func readFacts(file string) facts {
	text, err := os.ReadFile("../apigen/facts/" + file)
	if err != nil {
		panic(err)
	}
	var doc documentation
	if err := json.Unmarshal(text, &doc); err != nil {
		panic(err)
	}
	fs := facts{
		results: map[string][]map[string]any{}, types: map[string]factType{}, usual: map[string]any{},
		undocumented: append(doc.Undocumented.Responses, doc.Undocumented.Events...),
	}
	for _, v := range append(doc.Responses, doc.Events...) {
		fs.results[v.Tag] = append(fs.results[v.Tag], shortFields(v.Fields))
		for _, f := range v.Fields {
			if known, ok := fs.usual[f.Name]; ok && !reflect.DeepEqual(known, f.Type.short()) {
				fs.usual[f.Name] = nil
			} else {
				fs.usual[f.Name] = f.Type.short()
			}
		}
	}
	for _, d := range doc.Types {
		t := factType{tag: d.TagField, more: d.More, enum: append(d.Values, d.MoreValues...), open: d.Open}
		if d.Kind == "record" {
			t.record = shortFields(d.Fields)
		}
		for _, m := range d.Members {
			if t.union == nil {
				t.union = map[string]map[string]any{}
			}
			t.union[m.Tag] = shortFields(m.Fields)
		}
		fs.types[d.Name] = t
	}
	return fs
}

var (
	sixFacts   = sync.OnceValue(func() facts { return readFacts("v6.5.1.json") })
	sevenFacts = sync.OnceValue(func() facts { return readFacts("v7.0.0-beta.2.json") })
)

// checkFacts compares a reply or event with the documentation of 6.5.1.
func checkFacts(body []byte) error { return sixFacts().checkBody(body) }

// documented compares what a person's core answered or told with the
// documentation of its version.
func documented(p *sim.Person, body []byte) error {
	if p.Core.Seven() {
		return sevenFacts().checkBody(body)
	}
	return checkFacts(body)
}

// checkBody compares a reply or event with the documentation.
func (fs facts) checkBody(body []byte) error {
	var m map[string]map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	if e, ok := m["error"]; ok {
		return fs.check(e, "ChatError", "error")
	}
	r := m["result"]
	tag, _ := r["type"].(string)
	variants, ok := fs.results[tag]
	if !ok {
		if slices.Contains(fs.undocumented, tag) {
			return fs.usualFields(r, tag)
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

// usualFields compares those fields of a result without documentation that have
// one type wherever else they occur.
func (fs facts) usualFields(r map[string]any, tag string) error {
	for name, v := range r {
		if typ := fs.usual[name]; typ != nil {
			if err := fs.check(v, typ, tag+"."+name); err != nil {
				return err
			}
		}
	}
	return nil
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
		if list[0] == "array" || list[0] == "list" {
			xs, ok := v.([]any)
			if !ok || list[0] == "list" && len(xs) == 0 {
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
	t, ok := fs.types[name]
	if !ok {
		return fmt.Errorf("%s: type %s is not among the facts", path, name)
	}
	if t.enum != nil {
		if s, _ := v.(string); !t.open && !slices.Contains(t.enum, s) {
			return fmt.Errorf("%s: %v is no %s", path, v, name)
		}
		return nil
	}
	m, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: %v is no %s", path, v, name)
	}
	if t.record != nil {
		return fs.fields(m, t.record, path, "")
	}
	tag, _ := m[t.tag].(string)
	fields, ok := t.union[tag]
	if !ok {
		if slices.Contains(t.more, tag) || name == "MsgContent" {
			return nil
		}
		return fmt.Errorf("%s: %q is no tag of %s", path, tag, name)
	}
	return fs.fields(m, fields, path, t.tag)
}

func TestFactsFindMistakes(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"result":{"type":"nonsense"}}`,
		`{"result":{"type":"chatStarted","extra":1}}`,
		`{"result":{"type":"hostConnected","protocol":"smp"}}`,
		`{"result":{"type":"chatInfoUpdated","user":{},"chatInfo":{}}}`,
		`{"result":{"type":"chatInfoUpdated","user":1}}`,
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

// TestFactsOfLists: where a list has to have something in it, an empty one fails.
func TestFactsOfLists(t *testing.T) {
	t.Parallel()
	list := docType{Array: &docType{Prim: "int"}, NonEmpty: true}
	fs := sixFacts()
	if err := fs.check([]any{1.0}, list.short(), "list"); err != nil {
		t.Error(err)
	}
	if fs.check([]any{}, list.short(), "list") == nil {
		t.Error("an empty list passes")
	}
	if fs.check(1.0, "Nonsense", "value") == nil {
		t.Error("an unknown type passes")
	}
}
