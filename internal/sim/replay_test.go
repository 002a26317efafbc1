package sim_test

import (
	"flag"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/replay/differences.txt anew")

// atHome is the conversation about the files of a bot without folders of its
// own: they lie in its home and in the folder for temporary ones.
const atHome = "13c_files_no_folder_set"

// leastAgree is how many of 100 steps agree at least, over all conversations of
// a version.
const leastAgree = 98

// TestReplay sends what was recorded of real cores and compares what comes back:
// the whole of each reply and event, and the order of events, after renaming.
// What differs is listed in testdata/replay/differences.txt, each with its
// reason; -update writes the list anew.
func TestReplay(t *testing.T) {
	list := readDifferences(t)
	verdicts := sync.Map{} // by name
	names := recordings(t)
	t.Cleanup(func() { finishReplay(t, names, &verdicts, list) })
	for i, name := range names {
		if raced && i%6 != 0 {
			continue // each conversation has one goroutine: a few show enough
		}
		t.Run(name, func(t *testing.T) {
			dir := tempDir(t)
			if filepath.Base(name) == atHome {
				t.Setenv("HOME", filepath.Join(dir, "home"))
				t.Setenv("TMPDIR", filepath.Join(dir, "temp"))
			} else {
				t.Parallel()
			}
			v := judged(play(t, readRecording(t, name), dir))
			verdicts.Store(name, v)
			if !*update {
				list[name].compare(t, v)
			}
		})
	}
}

// tempDir is t.TempDir without symbolic links, as answers name it.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	return dir
}

// recordings are the names of all conversations; those of 7.0 begin with "v7/".
func recordings(t *testing.T) (names []string) {
	t.Helper()
	root := filepath.Join("testdata", "replay")
	for _, pattern := range []string{"*.jsonl.gz", "v7/*.jsonl.gz"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		must(t, err)
		for _, f := range files {
			f, err := filepath.Rel(root, f)
			must(t, err)
			names = append(names, filepath.ToSlash(strings.TrimSuffix(f, ".jsonl.gz")))
		}
	}
	return names
}

// finishReplay counts, where all conversations were played, and writes the list
// where it is asked to.
func finishReplay(t *testing.T, names []string, verdicts *sync.Map, list map[string]*section) {
	agree, steps, played := map[bool]int{}, map[bool]int{}, 0
	for _, name := range names {
		x, ok := verdicts.Load(name)
		if !ok {
			continue
		}
		v, seven := x.(verdict), strings.HasPrefix(name, "v7/")
		agree[seven], steps[seven], played = agree[seven]+v.agree, steps[seven]+v.steps, played+1
		if *update {
			list[name] = list[name].updated(v)
		}
	}
	for _, seven := range []bool{false, true} {
		t.Logf("version 7.0 %v: %d of %d steps agree", seven, agree[seven], steps[seven])
		if played == len(names) && agree[seven]*100 < leastAgree*steps[seven] {
			t.Errorf("version 7.0 %v: %d of %d steps agree, want %d %%", seven, agree[seven], steps[seven], leastAgree)
		}
	}
	if *update {
		writeDifferences(t, names, list)
	}
	if played == len(names) {
		for name := range list {
			if _, ok := verdicts.Load(name); !ok {
				t.Errorf("%s: %s is no conversation", differencesFile, name)
			}
		}
	}
}
