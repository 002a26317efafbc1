package service

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestContainerfile holds the image to what docs/operating.md says of it. What
// can be run without a container engine, docs/deploy/try-image.sh runs, which
// is a test in tests/.
func TestContainerfile(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..")
	text, err := os.ReadFile(filepath.Join(root, "docs", "deploy", "Containerfile"))
	if err != nil {
		t.Fatal(err)
	}
	file := string(text)
	last := file[strings.LastIndex(file, "\nFROM "):]
	for what, want := range map[string]string{
		"a user who is not root, by number": `(?m)^USER [1-9]\d*:[1-9]\d*$`,
		"the health check":                  `(?m)^ CMD simplex-lua status --check --data /data \|\| exit 1$`,
		"one volume":                        `(?m)^VOLUME /data$`,
		"data in the volume":                `STATE_DIRECTORY=/data XDG_CACHE_HOME=/data/`,
		"the program as process 1":          `(?m)^ENTRYPOINT \["simplex-lua"\]$`,
		"JSON logs":                         `SIMPLEX_LUA_LOG_FORMAT=json`,
	} {
		if n := len(regexp.MustCompile(want).FindAllString(last, -1)); n != 1 {
			t.Errorf("%s: %d times, want once: %s", what, n, want)
		}
	}
	if strings.Count(last, "VOLUME") != 1 || strings.Index(last, "USER ") < strings.LastIndex(last, "RUN ") {
		t.Error("want one volume, and the user after the last step that needs root")
	}
	for _, m := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(file, -1) {
		if _, tag, ok := strings.Cut(m[1], ":"); !ok || tag == "latest" {
			t.Errorf("the base %s has no version", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^COPY ((?:[\w.]+ )+)\./$`).FindAllStringSubmatch(file, -1) {
		for name := range strings.FieldsSeq(m[1]) {
			if _, err := os.Stat(filepath.Join(root, name)); err != nil {
				t.Error(err)
			}
		}
	}
	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`)
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "golang:" + goVersion.FindStringSubmatch(string(mod))[1]; !strings.Contains(file, want) {
		t.Errorf("the image is not built with %s, as go.mod wants", want)
	}
}
