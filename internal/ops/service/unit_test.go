package service

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// system is what docs/deploy/simplex-lua.service is made of.
var system = Options{
	Name: "simplex-lua", Program: "/usr/local/bin/simplex-lua", Config: "/etc/simplex-lua/simplex-lua.toml", Args: []string{"--metrics", "9095"},
	Credentials: []string{"database-key"},
}

func TestUnitFile(t *testing.T) {
	t.Parallel()
	want, err := Unit(system)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "..", "..", "docs", "deploy", "simplex-lua.service")
	got, err := os.ReadFile(path)
	if os.Getenv("UPDATE") != "" {
		err = os.WriteFile(path, []byte(want), 0o644)
	}
	if err != nil || string(got) != want && os.Getenv("UPDATE") == "" {
		t.Errorf("%s is not what Unit makes (UPDATE=1 writes it): %v\n%s", path, err, want)
	}
}

// TestFinalCodesInDocs holds docs/operating.md to the unit.
func TestFinalCodesInDocs(t *testing.T) {
	t.Parallel()
	unit, err := Unit(system)
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^RestartPreventExitStatus=(.*)$`).FindStringSubmatch(unit)
	docs, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "operating.md"))
	if err != nil || line == nil {
		t.Fatal(err, line)
	}
	codes := strings.Fields(line[1])
	last := len(codes) - 1
	want := "not tried again: exit codes " + strings.Join(codes[:last], ", ") + " and " + codes[last]
	if !strings.Contains(string(docs), want) {
		t.Errorf("docs/operating.md does not say %q", want)
	}
}

func TestUnit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		o     Options
		want  []string
		not   string
		wrong string
	}{
		{"system", system, []string{
			"Type=notify-reload\nExecStart=/usr/local/bin/simplex-lua run --config /etc/simplex-lua/simplex-lua.toml --metrics 9095\n",
			"\nStateDirectory=simplex-lua\n", "\nDynamicUser=yes\n", "\nWatchdogSec=", "\nLoadCredential=database-key:/etc/simplex-lua/credentials/database-key\n", "WantedBy=multi-user.target",
		}, "", ""},
		{"user", Options{Name: "bot", Program: "/p", Script: "/home/me/bot.lua", User: true}, []string{"ExecStart=/p run /home/me/bot.lua\n", "WantedBy=default.target"}, "DynamicUser", ""},
		{"old systemd", Options{Name: "bot", Program: "/opt/bot", Systemd: 252}, []string{"Type=notify\nExecStart=/opt/bot\nExecReload=/bin/kill -HUP $MAINPID\n"}, "notify-reload", ""},
		{"bundle", Options{Name: "bot", Program: "/opt/bot"}, []string{"ExecStart=/opt/bot\n"}, "", ""},
		{"odd words", Options{Name: "bot", Program: "/p", Script: `/a b/100%/$x"y\z.lua`}, []string{`ExecStart=/p run "/a b/100%%/$$x\"y\\z.lua"` + "\n"}, "", ""},
		{"relative", Options{Name: "bot", Program: "p"}, nil, "", "the program p must be an absolute path"},
		{"no name", Options{Program: "/p"}, nil, "", "letters, digits"},
		{"name with a line end", Options{Name: "a\nUser=root", Program: "/p"}, nil, "", "letters, digits"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Unit(tt.o)
			if tt.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wrong) {
					t.Errorf("got %v, want %q", err, tt.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in\n%s", want, got)
				}
			}
			if tt.not != "" && strings.Contains(got, tt.not) {
				t.Errorf("%q in\n%s", tt.not, got)
			}
		})
	}
}

func TestParseVersion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"systemd 252 (252.38-1~deb12u1)\n+PAM": 252, "systemd 257": 257, "": 0, "no such thing": 0} {
		if got := ParseVersion(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	if got := Path(system, "/home/me/.config"); got != "/etc/systemd/system/simplex-lua.service" {
		t.Errorf("got %s", got)
	}
	if got := Path(Options{Name: "b", User: true}, "/home/me/.config"); got != "/home/me/.config/systemd/user/b.service" {
		t.Errorf("got %s", got)
	}
	if len(Next(system)) == 0 || !strings.Contains(Next(Options{Name: "b", User: true})[0], "--user") {
		t.Error("no next steps")
	}
}

func TestNextAndUnseen(t *testing.T) {
	t.Parallel()
	o := Options{Name: "bot", Program: "/home/me/my bot", Config: "/etc/bot/bot.toml", Script: "/tmp/bot.lua"}
	if next := Next(o); next[len(next)-1] != "'/home/me/my bot' status --data /var/lib/bot" {
		t.Errorf("got %q", next)
	}
	if got, want := Unseen(o), []string{o.Program, o.Script}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if o.User = true; len(Unseen(o)) > 0 {
		t.Errorf("a user's service sees all, but not %q", Unseen(o))
	}
}

// TestVerified asks systemd itself, where it is.
func TestVerified(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze here")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "simplex-lua")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	o := system
	o.Program = program
	text, err := Unit(o)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "simplex-lua.service")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(analyze, "verify", "--man=no", "--recursive-errors=no", path).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "notify-reload") {
			continue // systemd before 253, which docs/operating.md tells about
		}
		if strings.Contains(line, "simplex-lua.service") {
			t.Errorf("systemd says: %s", line)
		}
	}
	t.Logf("systemd-analyze: %v\n%s", err, out)
}
