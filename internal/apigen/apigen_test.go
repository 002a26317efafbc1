package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestGenerated generates everything anew and compares it with what is there.
func TestGenerated(t *testing.T) {
	t.Parallel()
	m, err := newModel("facts")
	if err != nil {
		t.Fatal(err)
	}
	files, err := m.files()
	if err != nil {
		t.Fatal(err)
	}
	if files["docs/lua-api.md"], err = docsPage("../.."); err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join("../..", path))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the facts give: run go generate ./internal/apigen", path)
		}
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	self := func(s string) string { return s }
	versions := []string{"1", "2", "3"}
	tests := []struct {
		name  string
		lists [][]string
		want  string
	}{
		{"the same", [][]string{{"a", "b"}, {"a", "b"}, {"a", "b"}}, "a, b"},
		{"added", [][]string{{"a", "c"}, {"a", "b", "c"}, {"a", "b", "c", "d"}}, "a, b @2, c, d @3"},
		{"removed", [][]string{{"a", "b", "c"}, {"a", "c"}, {"c"}}, "a @-2, b @-1, c"},
		{"between", [][]string{{}, {"x"}, {}}, "x @2 @-2"},
		{"moved", [][]string{{"a", "b"}, {"b", "a"}, {"b", "a"}}, "b, a"},
	}
	for _, tt := range tests {
		merged, err := merge(tt.lists, self)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		var got []string
		for _, k := range merged {
			got = append(got, k.value+k.span.mark(versions))
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if _, err := merge([][]string{{"a"}, {}, {"a"}}, self); err == nil {
		t.Error("what came back: got no error")
	}
}

func TestCompareVersions(t *testing.T) {
	t.Parallel()
	order := []string{"v6.4.11", "v6.5.1", "v7.0.0-beta.2", "v7.0.0", "v7.10.0"}
	if !slices.IsSortedFunc(order, compareVersions) {
		t.Errorf("not in order: %v", order)
	}
}

// TestAdopt reads a small release and looks at what is said to have changed.
func TestAdopt(t *testing.T) {
	t.Parallel()
	dir := copyFacts(t)
	var out strings.Builder
	if err := adopt(&out, "testdata/upstream", "v7.1.0", dir); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"~ command APILeaveGroup\n    - /_leave #<groupId>\n    + /_leave #<groupId>[quietly=on| quietly=on]\n    + quietly=false bool\n",
		"+ command APIPaint: /_paint <wall>[coats| coats=<coats>][dry| dry=<dry>] <layers> <colours:json>, wall Wall, coats? int, dry? bool, colours []Colour, layers [+]int64, -by? map[string]int64\n",
		"- command APISendMessages\n",
		"+ type Colour: plain, plain.name string, mixed, mixed.of []Colour\n",
		"+ type Side: in, out, syntax {self|in=-|out=+}\n",
		"+ type Wall: side Side, wallId int64, width? double, syntax <side><wallId>\n",
		"+ response wallPainted: wall? Wall\n",
		"+ event wallDry: wall Wall\n",
		"- event newChatItems\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the changes lack %q", want)
		}
	}
	var f facts
	if err := readJSON(filepath.Join(dir, "v7.1.0.json"), &f); err != nil {
		t.Fatal(err)
	}
	if g := f.Events[0].Group; g == nil || *g != "main" || f.Events[2].Group != nil || f.Events[2].Category != "Weather" {
		t.Errorf("events: got %+v", f.Events)
	}
	if c := f.Commands[0]; c.Network != "background" || c.Category != "Group commands" || !slices.Equal(c.Errors, []string{"groupMemberNotFound"}) {
		t.Errorf("command: got %+v", c)
	}
}

// TestAdoptUnchanged writes the newest facts as upstream's documentation and
// reads them back.
func TestAdoptUnchanged(t *testing.T) {
	t.Parallel()
	dir := copyFacts(t)
	var f facts
	if err := readJSON(filepath.Join(dir, "v7.0.0-beta.2.json"), &f); err != nil {
		t.Fatal(err)
	}
	upstream := t.TempDir()
	writeDocs(t, upstream, f)
	var out strings.Builder
	if err := adopt(&out, upstream, "v7.0.1", dir); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "nothing changed since v7.0.0-beta.2\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAdoptBad(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, file, from, to, want string }{
		{"type", "TYPES.md", "width: double?", "width: {int", "a type of a form not known: {int"},
		{"kind", "TYPES.md", "**Enum type**", "**Sum type**", "neither record nor union nor enum"},
		{"tag", "COMMANDS.md", `- type: "wallPainted"`, "- was: int", "WallPainted has no type"},
		{"syntax", "COMMANDS.md", "(coats ?", "(coats **", "APIPaint"},
		{"parameter", "COMMANDS.md", "+ groupId +", "+ group +", "no parameter group"},
	}
	for _, tt := range tests {
		upstream := t.TempDir()
		for _, name := range []string{"COMMANDS.md", "EVENTS.md", "TYPES.md"} {
			data, err := os.ReadFile(filepath.Join("testdata/upstream", name))
			if err != nil {
				t.Fatal(err)
			}
			if name == tt.file {
				data = []byte(strings.Replace(string(data), tt.from, tt.to, 1))
			}
			if err := os.WriteFile(filepath.Join(upstream, name), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		err := adopt(&strings.Builder{}, upstream, "v7.1.0", copyFacts(t))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
	for _, version := range []string{"", "7.1", "v1.0.0"} {
		if err := adopt(&strings.Builder{}, "testdata/upstream", version, copyFacts(t)); err == nil {
			t.Errorf("version %q: got no error", version)
		}
	}
}

func copyFacts(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("facts")); err != nil {
		t.Fatal(err)
	}
	return dir
}
