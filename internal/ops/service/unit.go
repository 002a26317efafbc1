package service

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

// Options say what the service runs and as whom.
type Options struct {
	// Name is the service's name, and that of its folders below /var/lib,
	// /var/cache and /etc.
	Name string
	// Program is the absolute path of simplex-lua or of a bundle.
	Program string
	// Config or Script is what it runs, as absolute paths; a bundle needs neither.
	Config, Script string
	// Args are further arguments of run.
	Args []string
	// Credentials are names of secrets, each in /etc/NAME/credentials/.
	Credentials []string
	// User makes it a service of the user who installs it.
	User bool
	// Systemd is the version that reads the unit; 0 is a new one.
	Systemd int
}

// reloading is the first version of systemd with Type=notify-reload.
const reloading = 253

// Reloads tells whether that version of systemd, 0 for a new one, knows of itself
// how a service is reloaded.
func Reloads(systemd int) bool { return systemd == 0 || systemd >= reloading }

// Reloads tells it of the service's systemd.
func (o Options) Reloads() bool { return Reloads(o.Systemd) }

// ParseVersion reads what systemctl --version says; 0 where it says something else.
func ParseVersion(text string) int {
	var version int
	_, _ = fmt.Sscanf(text, "systemd %d", &version) // else it stays 0
	return version
}

// finalCodes are the exit codes of the program after which systemd leaves it:
// wrong scripts, arguments, settings, bundles, keys and versions of databases do
// not get better by themselves. After all others it is started again.
var finalCodes = []int{1, 2, 6, 8, 11, 13}

// FinalCodes are the exit codes after which the program is not started again.
func FinalCodes() []int { return slices.Clone(finalCodes) }

// Unit is the text of the unit file.
func Unit(o Options) (string, error) {
	for what, path := range map[string]string{"program": o.Program, "configuration": o.Config, "script": o.Script} {
		if path != "" && !filepath.IsAbs(path) {
			return "", fmt.Errorf("the %s %s must be an absolute path", what, path)
		}
	}
	if o.Name == "" || strings.ContainsFunc(o.Name, func(r rune) bool {
		return r != '-' && r != '_' && r != '.' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		return "", fmt.Errorf("the name %q of the service may have letters, digits, -, _ and . only", o.Name)
	}
	var b strings.Builder
	err := unit.Execute(&b, struct {
		Options
		Final string
	}{o, strings.Trim(fmt.Sprint(finalCodes), "[]")})
	return b.String(), err
}

// Path is where the unit file belongs; config is the user's folder for
// configuration, as ~/.config.
func Path(o Options, config string) string {
	if o.User {
		return filepath.Join(config, "systemd", "user", o.Name+".service")
	}
	return filepath.Join("/etc/systemd/system", o.Name+".service")
}

// Next are the commands that make systemd take the file.
func Next(o Options) []string {
	if o.User {
		return []string{"systemctl --user daemon-reload", "systemctl --user enable --now " + o.Name, "loginctl enable-linger   # keeps it running when you log out"}
	}
	return []string{"systemctl daemon-reload", "systemctl enable --now " + o.Name, quoteShell(o.Program) + " status --data /var/lib/" + o.Name}
}

// Unseen are the paths among those of the service that it cannot see: it has no
// home directories, and a /tmp of its own. A user's service sees them.
func Unseen(o Options) (paths []string) {
	for _, p := range []string{o.Program, o.Config, o.Script} {
		hidden := slices.ContainsFunc([]string{"/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/"}, func(dir string) bool { return strings.HasPrefix(p, dir) })
		if hidden && !o.User {
			paths = append(paths, p)
		}
	}
	return paths
}

// quoteShell writes one word for a shell.
func quoteShell(w string) string {
	if !strings.ContainsAny(w, " \t\n\"'\\$`;&|<>()*?[]~#!{}") {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}

// Command is the line of ExecStart.
func (o Options) Command() string {
	words := []string{o.Program}
	if o.Config != "" || o.Script != "" {
		words = append(words, "run")
	}
	if o.Config != "" {
		words = append(words, "--config", o.Config)
	}
	words = append(words, o.Args...)
	if o.Script != "" {
		words = append(words, o.Script)
	}
	for i, w := range words {
		words[i] = quote(w)
	}
	return strings.Join(words, " ")
}

// quote writes one word as systemd reads it: % and $ mean something there.
func quote(w string) string {
	w = strings.NewReplacer("%", "%%", "$", "$$").Replace(w)
	if w != "" && !strings.ContainsAny(w, " \t\"'\\;") {
		return w
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(w) + `"`
}

var unit = template.Must(template.New("unit").Parse(`# Written by simplex-lua service install; docs/operating.md explains it.
[Unit]
Description=SimpleX bots of {{.Name}}
Documentation=https://github.com/simplex-lua/simplex-lua/blob/main/docs/operating.md
Wants=network-online.target
After=network-online.target

[Service]
{{if .Reloads}}Type=notify-reload{{else}}Type=notify{{end}}
ExecStart={{.Command}}
{{- if not .Reloads}}
ExecReload=/bin/kill -HUP $MAINPID
{{- end}}
# The first start downloads libsimplex; a database may be migrated.
TimeoutStartSec=10min
# The program asks for more where the bots' grace needs it.
TimeoutStopSec=1min
# The program is restarted when the chat core of a running bot stops answering.
WatchdogSec=1min
Restart=on-failure
RestartSec=5s
# Wrong arguments, settings, scripts, bundles, keys and versions do not get better by themselves.
RestartPreventExitStatus={{.Final}}
KillMode=mixed
UMask=0077
StateDirectory={{.Name}}
StateDirectoryMode=0700
CacheDirectory={{.Name}}
Environment=XDG_CACHE_HOME=%C/{{.Name}}
{{- if not .User}}
ConfigurationDirectory={{.Name}}
{{- end}}
{{- range .Credentials}}
LoadCredential={{.}}:/etc/{{$.Name}}/credentials/{{.}}
{{- end}}

# What the program does not need, it does not get.
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
{{- if not .User}}
DynamicUser=yes
CapabilityBoundingSet=
AmbientCapabilities=
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RemoveIPC=yes
{{- end}}

[Install]
WantedBy={{if .User}}default.target{{else}}multi-user.target{{end}}
`))
