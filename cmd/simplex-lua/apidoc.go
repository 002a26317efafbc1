package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

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
	return listMembers(w, doc, entries)
}

// listMembers lists what is in a table that is described by its members alone.
func listMembers(w io.Writer, doc *luadoc.Doc, entries []*luadoc.Entry) error {
	if len(entries) != 1 || entries[0].Kind != luadoc.Value {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range doc.Entries {
		if member, ok := strings.CutPrefix(e.Name, entries[0].Name+"."); ok && !strings.Contains(member, ".") {
			fmt.Fprintf(t, "  %s\t%s\n", e.Title(), e.Summary()) // Flush has the error
		}
	}
	return t.Flush()
}
