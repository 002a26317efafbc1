package tests

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOperatingABundle does what docs/operating.md has the operator of a bundle
// do, line by line, in a folder of its own. In the place of systemd the test starts
// what the unit says, with the folders that the unit gives.
func TestOperatingABundle(t *testing.T) {
	t.Parallel()
	b := newBot(t, squarer, "CORE_ITEMS", "10")
	root := t.TempDir()
	bin := filepath.Join(root, "usr", "local", "bin")
	b.data = filepath.Join(root, "var", "lib", "squaring")
	script := filepath.Join(root, "squaring.lua")
	for path, text := range map[string]string{
		script: squarer, filepath.Join(bin, "systemctl"): "#!/bin/sh\n", filepath.Join(root, "var", "backups", "x"): "",
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(b.program, filepath.Join(bin, "simplex-lua")); err != nil {
		t.Fatal(err)
	}
	here := strings.NewReplacer("/usr/local/bin", bin, "/etc/", filepath.Join(root, "etc")+"/", "/var/", filepath.Join(root, "var")+"/", `"9095"`, `"0"`)
	do := func(line string) string {
		t.Helper()
		cmd := exec.Command("sh", "-euc", line)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "HOME="+root, "SIMPLEX_LIBS_DIR="+b.libs)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s\n%s", line, err, out, b.tail())
		}
		return string(out)
	}
	do("simplex-lua bundle squaring.lua -o squaring; cp squaring squaring.new")
	do("simplex-lua bundle keygen --no-password -o me; simplex-lua bundle sign --key me.key squaring")

	docs, err := os.ReadFile(filepath.Join("..", "docs", "operating.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(docs), "\n## Bundles\n")
	section, _, _ = strings.Cut(section, "\n## ")
	settings := regexp.MustCompile("(?s)```toml\n(.*?)```").FindStringSubmatch(section)
	lines := regexp.MustCompile(`(?m)^    (\S.*)$`).FindAllStringSubmatch(section, -1)
	if settings == nil || len(lines) < 15 {
		t.Fatalf("the section has %d commands", len(lines))
	}
	for _, m := range lines {
		line := here.Replace(m[1])
		switch {
		case strings.Contains(line, "squaring service install"):
			unit := do(line + " --print")
			start := regexp.MustCompile(`(?m)^ExecStart=(\S+) (.*)$`).FindStringSubmatch(unit)
			if start == nil || start[1] != filepath.Join(bin, "squaring") || !strings.Contains(unit, "\nStateDirectory=squaring\n") {
				t.Fatalf("the unit is\n%s", unit)
			}
			b.program = start[1]
			b.set("STATE_DIRECTORY", b.data, "CREDENTIALS_DIRECTORY", filepath.Join(root, "etc", "squaring", "credentials"))
			b.launch(strings.Fields(start[2])...)
			b.until("all are answered and marked", stubCounters.done)
		case strings.HasPrefix(line, "install -m 0755 squaring.new"):
			b.stop()
			do(line)
		default:
			do(line)
		}
		if strings.HasPrefix(line, "head ") { // the settings come after the key
			file := filepath.Join(root, "etc", "squaring", "squaring.toml")
			if err := os.WriteFile(file, []byte(here.Replace(settings[1])), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if saved, _ := filepath.Glob(filepath.Join(root, "var", "backups", "squaring", "squaring-*.backup")); len(saved) != 1 {
		t.Errorf("the backups are %q", saved)
	}
	b.checkOnce()
}
