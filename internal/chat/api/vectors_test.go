package api

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"reflect"
	"strings"
	"testing"
)

// vector is a golden command string.
type vector struct {
	ID      string
	Command string
	Params  json.RawMessage
	golden
	Also    []golden
	Accepts *bool  `json:"core_accepts"`
	Note    string `json:"core_note"`
}

type golden struct {
	Prefix    string
	JSONParam string `json:"json_param"`
}

func readVectors(t testing.TB, name string) (version string, vs []vector) {
	t.Helper()
	f, err := os.Open("testdata/vectors-" + name + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Version string
		Vectors []vector
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Vectors) < 500 {
		t.Fatalf("%s: got %d vectors, want over 500", name, len(all.Vectors))
	}
	return all.Version, all.Vectors
}

// TestVectors writes every golden command of both versions. What the core's
// parser does not take must be refused.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"v6.5.1", "v7"} {
		version, vectors := readVectors(t, name)
		facts := For(version)
		for _, v := range vectors {
			line := fmt.Sprintf(`{"command":%q,"params":%s}`, v.Command, v.Params)
			call, err := ParseCall([]byte(line))
			if err != nil {
				t.Fatal(err)
			}
			cmd, err := facts.Documented(call.Command, call.Params)
			switch {
			case v.Accepts != nil && !*v.Accepts:
				if err == nil {
					t.Errorf("%s %s: wrote %q, but the core refuses it: %s", name, v.ID, cmd, v.Note)
				}
			case err != nil:
				t.Errorf("%s %s: %v", name, v.ID, err)
			case !v.matches(cmd, call.Params):
				t.Errorf("%s %s:\n got %q\nwant %q…", name, v.ID, cmd, v.Prefix)
			}
		}
	}
}

func (v vector) matches(cmd string, params Params) bool {
	for _, g := range append([]golden{v.golden}, v.Also...) {
		rest, ok := strings.CutPrefix(cmd, g.Prefix)
		if ok && (g.JSONParam == "" && rest == "" || g.JSONParam != "" && equalJSON(rest, params[g.JSONParam])) {
			return true
		}
	}
	return false
}

func equalJSON(text string, want any) bool {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var got any
	return dec.Decode(&got) == nil && reflect.DeepEqual(sameNumbers(got), sameNumbers(want))
}

// sameNumbers replaces every number by its exact value.
func sameNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		r, _ := new(big.Rat).SetString(string(v))
		return r.String()
	case []any:
		out := []any{}
		for _, x := range v {
			out = append(out, sameNumbers(x))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = sameNumbers(x)
		}
		return out
	}
	return v
}
