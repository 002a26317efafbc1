package csv_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/modules/modtest"
)

func TestScripts(t *testing.T) {
	t.Parallel()
	modtest.Run(t, modtest.Options{})
}

// Whatever the text, it is read or refused as data, and what was read is the
// same after writing it.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"a,b\n1,\"x \"\"y\"\"\"\n", "\"", "a\"b", "\ufeffa", "\r\n\r", ",\n,,", "\x00\xff", "\"\"\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		_, err := modtest.Eval(t, modtest.Options{Globals: map[string]string{"TEXT": hex.EncodeToString([]byte(text))}}, `
			local csv, crypto = require "csv", require "crypto"
			local ok, rows = pcall(csv.decode, crypto.hex_decode(TEXT))
			if not ok then assert(rows.type == "data", rows.message) return end
			local again = csv.decode(csv.encode(rows))
			assert(#again == #rows)
			for i, row in ipairs(rows) do assert(table.concat(row, "\0") == table.concat(again[i], "\0")) end`)
		if err != nil && !strings.Contains(text, "\r") { // encoding/csv reads \r\n in a field as \n
			t.Errorf("%q: %v", text, err)
		}
	})
}
