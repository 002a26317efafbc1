package native

import (
	"path/filepath"
	"slices"
	"testing"
)

func TestRuntimeInSibling(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mustCompile(t, filepath.Join(dir, "libHSbase.so"), "sibling.c", "-DBASE", "-Wl,-soname,libHSbase.so")
	link := []string{"-Wl,--no-as-needed", "-L" + dir}
	mustCompile(t, filepath.Join(dir, "libHSrts.so"), "sibling.c", append(link, "-lHSbase", "-Wl,-soname,libHSrts.so")...)
	mustCompile(t, filepath.Join(dir, libraryFile), "core.c", append(link, "-DHS_ELSEWHERE", "-lHSrts")...)

	var names []string
	for _, path := range siblings(filepath.Join(dir, libraryFile)) {
		names = append(names, filepath.Base(path))
	}
	if want := []string{"libHSbase.so", "libHSrts.so"}; !slices.Equal(names, want) {
		t.Errorf("siblings: got %v, want %v", names, want)
	}
	var got opened
	runChild(t, &got, "open", "DIR="+dir)
	if got.Error != "" || got.Starts != 1 || !got.Again {
		t.Errorf("got %+v, want it open, its runtime started once", got)
	}
}
