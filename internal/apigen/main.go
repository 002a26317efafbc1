package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
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
	for path, data := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
