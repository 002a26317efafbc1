package sim_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/simplex-lua/simplex-lua/internal/sim"
	"github.com/simplex-lua/simplex-lua/internal/testkit"
)

// TestReceivePlace: a path that begins nowhere takes a place in the working
// folder, while the file goes to the files folder; a whole path is one place.
func TestReceivePlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	net := newNetwork(t, sim.Options{Seed: 1, Dir: dir})
	alice, bob, toBob := connected(t, net)
	must(t, os.MkdirAll(filepath.Join(dir, "in"), 0o700))
	for name, text := range map[string]string{"a.txt": "text", "there.txt": "secret"} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	if got := message(t, bob, fmt.Sprintf(`/set file paths {"appFilesFolder":%q,"appTempFolder":%q,"appAssetsFolder":%q}`, "files", "temp", "assets")); got != "" {
		t.Fatal(got)
	}
	must(t, os.MkdirAll(filepath.Join(dir, "files"), 0o700))
	for i, tc := range []struct {
		path, want string            // of the command: its error
		places     map[string]string // what is in files afterwards
	}{
		{"x.txt", "", map[string]string{"x.txt": "", "files/x.txt": "text"}},
		{"there.txt", "fileAlreadyExists", nil},
		{filepath.Join(dir, "files", "y.txt"), "", map[string]string{"files/y.txt": "text"}},
		{filepath.Join(dir, "in"), "", map[string]string{"in/a.txt": "text"}},
		{"none/z.txt", "none/z.txt: withBinaryFile: does not exist (No such file or directory)", nil},
	} {
		if got := message(t, alice, `/_send `+toBob.Ref+` json [{"fileSource":{"filePath":"a.txt"},"msgContent":{"type":"file","text":""},"mentions":{}}]`); got != "" {
			t.Fatal(got)
		}
		expect(t, bob, "message", "alice", "")
		if got := message(t, bob, fmt.Sprintf("/freceive %d encrypt=off %s", i+1, tc.path)); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.path, got, tc.want)
		}
		for place, want := range tc.places {
			testkit.Succeed(t, func() error {
				text, err := os.ReadFile(filepath.Join(dir, place))
				if err == nil && string(text) == want {
					return nil
				}
				return fmt.Errorf("%s: in %s is %q, %v, want %q", tc.path, place, text, err, want)
			})
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "there.txt")); err != nil || string(text) != "secret" {
		t.Errorf("what was there is now %q, %v", text, err)
	}
}
