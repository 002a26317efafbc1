package permission

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Set is what the operator allows a script beyond its own files folder
// and the documented chat commands. The zero value allows nothing more.
type Set struct {
	// Read and Write are files and folders that may be read and written; a folder
	// means all below it.
	Read, Write []string
	// Net are hosts that may be reached: "example.org", "example.org:443",
	// "*.example.org", "*" for all public ones, "127.0.0.1:80", "10.0.0.0/8".
	// What is not on the public internet is reached by its address only.
	Net []string
	// Listen are addresses to listen on ("127.0.0.1:8080", ":8080"), Exec programs
	// to run.
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
		if err := checkEntry(kind, value); err != nil {
			return p, fmt.Errorf("--allow %s: %w", e, err)
		}
		*list = append(*list, value)
	}
	return p, nil
}

// checkEntry refuses a value that could never allow anything.
func checkEntry(kind, value string) (err error) {
	switch kind {
	case "net":
		_, err = parseNet(value)
	case "listen":
		_, err = parseListen(value)
	case "exec":
		err = checkProgram(value)
	case "core":
		if !strings.HasPrefix(value, "/") {
			err = errors.New("a command begins with a slash, as in core=/_network")
		}
	}
	return err
}

// Env tells whether the script may read the environment variable.
func (p Set) Env(name string) bool { return p.All || slices.Contains(p.EnvNames, name) }

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
