package main

import (
	"fmt"
	"io"

	"github.com/simplex-lua/simplex-lua/internal/nearest"
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
		return usagef("api: nothing is called %q%s", name, nearest.Hint(name, doc.Names()))
	}
	luadoc.Text(w, entries)
	if len(entries) > 1 {
		return nil
	}
	members := doc.Members(entries[0])
	if len(members) > 0 && entries[0].Kind == luadoc.Class {
		fmt.Fprintln(w)
	}
	luadoc.Summaries(w, members)
	return nil
}
