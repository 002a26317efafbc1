package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/simplex-lua/simplex-lua/luaapi/luadoc"
)

func main() {
	root := flag.String("root", ".", "`folder` of the repository")
	upstream := flag.String("upstream", "", "`folder` with COMMANDS.md, EVENTS.md and TYPES.md of a new release")
	version := flag.String("version", "", "the new release, as `v7.1.0`")
	flag.Parse()
	dir := filepath.Join(*root, "internal/apigen/facts")
	var err error
	if *upstream != "" {
		err = adopt(os.Stdout, *upstream, *version, dir)
	} else {
		err = generate(dir, *root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "apigen:", err)
		os.Exit(1)
	}
}

// docsPage writes the documentation of everything in stdlib/meta.
func docsPage(root string) ([]byte, error) {
	doc, err := luadoc.Read(os.DirFS(filepath.Join(root, "stdlib")), "meta", ".")
	if err != nil {
		return nil, err
	}
	return []byte(doc.Markdown()), nil
}

// generate writes all generated files below root from the facts in dir.
func generate(dir, root string) error {
	m, err := newModel(dir)
	if err != nil {
		return err
	}
	files, err := m.files()
	if err != nil {
		return err
	}
	write := func(path string, data []byte) error {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.WriteFile(path, data, 0o644)
	}
	for path, data := range files {
		if err := write(path, data); err != nil {
			return err
		}
	}
	docs, err := docsPage(root)
	if err != nil {
		return err
	}
	return write("docs/lua-api.md", docs)
}
