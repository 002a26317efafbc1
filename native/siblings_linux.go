package native

import (
	"debug/elf"
	"os"
	"path/filepath"
)

// libraryFile is the library's file name on this system.
const libraryFile = "libsimplex.so"

// siblings returns the libraries that path needs, directly or not, and that lie
// in the same folder, each after those it needs itself. Where the library has
// no RUNPATH the system's loader would not look there, and setting
// LD_LIBRARY_PATH in a running process does nothing; once a library is open,
// the loader takes it for every other that needs its name.
func siblings(path string) []string {
	dir := filepath.Dir(path)
	seen := map[string]bool{filepath.Base(path): true}
	var list []string
	var visit func(path string)
	visit = func(path string) {
		for _, name := range needed(path) {
			sibling := filepath.Join(dir, name)
			if seen[name] || !isFile(sibling) {
				continue
			}
			seen[name] = true
			visit(sibling)
			list = append(list, sibling)
		}
	}
	visit(path)
	return list
}

// needed returns the names that a library says it needs. For what is no ELF
// file there are none; the system's loader then says what is wrong with it.
func needed(path string) []string {
	file, err := elf.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	names, err := file.ImportedLibraries()
	if err != nil {
		return nil
	}
	return names
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
