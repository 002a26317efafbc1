package permission

import (
	"fmt"
	"net"
	"slices"
	"strings"
)

// Set is what the operator allows a script beyond its own files folder
// and the documented chat commands. The zero value allows nothing more.
type Set struct {
	// Read and Write are files and folders that may be read and written; a folder
	// means all below it.
	Read, Write []string
	// Net are hosts ("example.org", "example.org:443") that may be reached.
	Net []string
	// Listen are addresses to listen on, Exec programs to run.
	Listen, Exec []string
	// EnvNames are names that os.getenv answers.
	EnvNames []string
	// Core are beginnings of raw chat commands ("/_network") that may be sent.
	Core []string
	// All allows everything that can be allowed, for development.
	All bool
}

// Parse reads KIND=VALUE entries as --allow takes them: net=HOST,
// listen=ADDR, read=PATH, write=PATH, env=NAME, exec=PROGRAM, core=/PREFIX.
func Parse(entries []string) (Set, error) {
	var p Set
	lists := map[string]*[]string{
		"net": &p.Net, "listen": &p.Listen, "read": &p.Read, "write": &p.Write,
		"env": &p.EnvNames, "exec": &p.Exec, "core": &p.Core,
	}
	for _, e := range entries {
		kind, value, ok := strings.Cut(e, "=")
		list := lists[kind]
		if !ok || list == nil || value == "" {
			return p, fmt.Errorf("--allow %s: want net=HOST, listen=ADDR, read=PATH, write=PATH, env=NAME, exec=PROGRAM or core=/PREFIX", e)
		}
		if kind == "core" && !strings.HasPrefix(value, "/") {
			return p, fmt.Errorf("--allow %s: a command begins with a slash, as in core=/_network", e)
		}
		*list = append(*list, value)
	}
	return p, nil
}

// Env tells whether the script may read the environment variable.
func (p Set) Env(name string) bool { return p.All || slices.Contains(p.EnvNames, name) }

// Host tells whether a host ("example.org:443") may be reached: allowed as it
// is, or without its port.
func (p Set) Host(host string) bool {
	if p.All || slices.Contains(p.Net, host) {
		return true
	}
	name, _, err := net.SplitHostPort(host)
	return err == nil && slices.Contains(p.Net, name)
}

// Error says what is not allowed, and in Hint how the operator allows it.
type Error struct {
	Message, Hint string
}

func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + "\n" + e.Hint
}

func deny(hint, format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...), Hint: hint}
}
