package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// target is the file that holds the words, below the root of the repository.
const target = "luaapi/redactwords_gen.go"

func main() {
	root := flag.String("root", ".", "`folder` of the repository")
	flag.Parse()
	words, err := collect(os.DirFS(*root))
	if err == nil {
		err = os.WriteFile(filepath.Join(*root, target), source(words), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "wordgen:", err)
		os.Exit(1)
	}
}
