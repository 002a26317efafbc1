package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// TestGenerated collects the words anew and compares them with what is there.
func TestGenerated(t *testing.T) {
	t.Parallel()
	words, err := collect(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("../..", target))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, source(words)) {
		t.Errorf("%s is not what the messages give: run go generate ./internal/wordgen", target)
	}
}

// TestCollect: messages count, and what may become part of one; names, patterns
// and people do not.
func TestCollect(t *testing.T) {
	t.Parallel()
	const code = "package p\nimport \"os exec\"\n" +
		"type s struct { F int `json:\"tag\"` }\n" +
		"var a = errors.New(\"closed\")\n" +
		"var b = fmt.Errorf(\"%d\\tMiB, %5.2fx\" + \"joined\", f(func() { g(\"inner\") }))\n" +
		"var c, d = \"name\", `two words for bob`\n" +
		"var e = regexp.MustCompile(`red or blue`)\n"
	root := fstest.MapFS{}
	for _, dir := range sources {
		root[dir+"/a.go"] = &fstest.MapFile{Data: []byte("package p")}
	}
	root["luaapi/a.go"].Data = []byte(code)
	for _, skipped := range []string{"luaapi/a_test.go", "luaapi/a_gen.go", "luaapi/check/a.go"} {
		root[skipped] = &fstest.MapFile{Data: []byte("package p\nvar a = \"not this\"\n")}
	}
	words, err := collect(root)
	if got, want := strings.Join(words, " "), "MiB closed for joined two words"; err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	root["luaapi/bad.go"] = &fstest.MapFile{Data: []byte("package")}
	if _, err := collect(root); err == nil {
		t.Error("a file that is no Go passes")
	}
}
