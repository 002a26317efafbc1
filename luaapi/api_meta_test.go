package luaapi

import (
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
