package main

import (
	"io"

	"github.com/simplex-lua/simplex-lua/internal/chat/api"
	"github.com/simplex-lua/simplex-lua/luaapi/luadoc"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// explain shows what a name of the API is, or lists all names.
func explain(w io.Writer, name string) error {
	doc, err := luadoc.Read(stdlib.FS, "meta", ".")
	if err != nil {
		return err // a fault of the executable, found by its tests
	}
	if name == "" {
		doc.List(w)
		return nil
	}
	entries := doc.Lookup(name)
	if len(entries) == 0 {
		hint := ""
		if near := api.Nearest(name, doc.Names()); near != "" {
			hint = "; did you mean " + near + "?"
		}
		return usagef("api: nothing is called %q%s", name, hint)
	}
	luadoc.Text(w, entries)
	return nil
}
