package luaapi

import (
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/luadoc"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// TestMeta holds the type files against what scripts really find.
func TestMeta(t *testing.T) {
	t.Parallel()
	doc, err := luadoc.Read(stdlib.FS, "meta", ".")
	if err != nil {
		t.Fatal(err)
	}
	b, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"bot.api", "bot.info", "bot.config", "bot.state", "bot.STOP"}
	for name := range b.botFunctions() {
		known = append(known, "bot."+name)
	}
	for name := range b.messageMethods() {
		known = append(known, "Message:"+name)
	}
	for name := range b.fileFunctions() {
		known = append(known, "bot.api."+name)
	}
	for _, name := range known {
		if doc.Find(name) == nil {
			t.Errorf("stdlib/meta does not know %s", name)
		}
	}
	for name := range messageFields {
		if _, ok := doc.Field("Message", name); !ok {
			t.Errorf("stdlib/meta does not know the field %s of messages", name)
		}
	}
	for _, e := range doc.Entries {
		ours := strings.HasPrefix(e.Name, "Message:") || strings.HasPrefix(e.Name, "bot.") && !strings.HasPrefix(e.Name, "bot.api.")
		if ours && !slices.Contains(known, e.Name) {
			t.Errorf("stdlib/meta has %s, scripts do not", e.Name)
		}
	}
}

// TestModulesMeta finds every name of every module in the type files: what they
// leave out, check takes for a mistake of the script.
func TestModulesMeta(t *testing.T) {
	t.Parallel()
	doc, err := luadoc.Read(stdlib.FS, "meta", ".")
	if err != nil {
		t.Fatal(err)
	}
	names := ModuleNames()
	files, err := fs.Glob(stdlib.FS, "*.lua")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(file, ".lua"))
	}
	for _, name := range names {
		var printed strings.Builder
		rt, err := Load(t.Context(), Options{
			Name: "test", Path: "bot.lua", Generation: 1, Print: &printed, Log: slog.New(slog.DiscardHandler), Stdlib: stdlib.FS, Tests: true,
			Source: fmt.Appendf(nil, "for name in pairs(require %q) do print('[' .. name .. ']') end", name),
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		rt.Close()
		module := name[strings.LastIndexByte(name, '.')+1:]
		for _, m := range regexp.MustCompile(`\[(\w+)\]`).FindAllStringSubmatch(printed.String(), -1) {
			_, field := doc.Field(module, m[1])
			if doc.Find(module+"."+m[1]) == nil && !field && !strings.HasPrefix(m[1], "__") {
				t.Errorf("the type files do not know %s.%s", module, m[1])
			}
		}
	}
}
