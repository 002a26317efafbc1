package luaapi

import (
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// Permissions is what the operator allows a script beyond its own files folder
// and the documented chat commands. The zero value allows nothing more.
type Permissions struct {
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
}

// ParseGrants reads KIND=VALUE entries as --allow takes them: net=HOST,
// listen=ADDR, read=PATH, write=PATH, env=NAME, exec=PROGRAM, core=/PREFIX.
func ParseGrants(entries []string) (Permissions, error) {
	var p Permissions
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
func (p Permissions) Env(name string) bool { return slices.Contains(p.EnvNames, name) }

// checkCommand raises unless the script may send the command. Rt.mu is held.
func (rt *Runtime) checkCommand(L *lua.LState, cmd string) {
	if err := rt.opts.Grants.checkCommand(cmd, rt.session.FilesDir); err != nil {
		rt.raise(L, err)
	}
}

// checkCommand decides by parsing: documented commands and those that bots need
// may be sent, with the paths, hosts and keys in them behind the same walls as
// everything else; other commands need core=, and some are the host's alone.
func (p Permissions) checkCommand(raw, filesDir string) error {
	name := chat.CommandName(raw)
	if len(name) > 40 {
		name = name[:40] + "…"
	}
	deny := func(hint, format string, args ...any) error {
		return &Error{Type: ErrPermission, Message: fmt.Sprintf(format, args...), Hint: hint}
	}
	cmd, ok := syntax.Parse(raw)
	granted := slices.ContainsFunc(p.Core, func(prefix string) bool { return hasCommandPrefix(raw, prefix) })
	switch {
	case ok && cmd.HostOnly, !ok && hostOnlyPrefix(raw):
		return deny("", "%s: only simplex-lua itself sends this command, never a script", name)
	case !ok && (!granted || syntax.Known(raw)):
		// Of a command that the grammar has, a form that it cannot parse could hold
		// a path or a host that nobody sees.
		hint := "check its spelling"
		if strings.HasPrefix(name, "/") && !syntax.Known(raw) {
			hint += ", or allow it with --allow core=" + name
		}
		return deny(hint, "%s: not a command that scripts may send: it could not be parsed", name)
	case ok && cmd.Class == syntax.Service && !granted:
		return deny("allow it with --allow core="+name, "%s: not allowed for scripts", name)
	}
	for _, w := range cmd.Walls() {
		if err := p.checkWall(name, w, filesDir, deny); err != nil {
			return err
		}
	}
	return nil
}

func (p Permissions) checkWall(name string, w syntax.Wall, filesDir string, deny func(hint, format string, args ...any) error) error {
	switch w.Kind {
	case syntax.Path:
		list, kind := p.Read, "read"
		if name == "/freceive" || strings.Contains(w.Where, "Folder") {
			list, kind = p.Write, "write"
		}
		if !underAny(w.Value, filesDir, append([]string{filesDir}, list...)) {
			return deny(fmt.Sprintf("allow it with --allow %s=%s", kind, w.Value),
				"%s: %s reaches outside the bot's files folder", name, w.Where)
		}
	case syntax.Host:
		for _, host := range serverHosts(w.Value) {
			if !p.reaches(host) {
				return deny("allow it with --allow net="+host, "%s: %s names a host that is not allowed", name, w.Where)
			}
		}
	case syntax.Key:
		return deny("", "%s: %s is a key or password, which scripts may not set", name, w.Where)
	}
	return nil
}

// serverHosts takes the hosts out of a server's address: smp://KEY@host:port,
// with several hosts joined by commas, or a plain host.
func serverHosts(address string) []string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		address = address[i+1:]
	}
	address, _, _ = strings.Cut(address, "/")
	return strings.Split(address, ",")
}

// reaches tells whether a host may be reached: allowed as it is, or without its port.
func (p Permissions) reaches(host string) bool {
	if slices.Contains(p.Net, host) {
		return true
	}
	name, _, err := net.SplitHostPort(host)
	return err == nil && slices.Contains(p.Net, name)
}

// underAny tells whether a path, relative to base, is one of the allowed paths
// or below one. Symbolic links are followed for as much of the path as exists.
func underAny(path, base string, allowed []string) bool {
	if path == "" || strings.ContainsRune(path, 0) || slices.Contains(strings.Split(filepath.ToSlash(path), "/"), "..") {
		return false // the system follows a link before it goes up, which cleaning the path would hide
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(base, path)
	}
	path = resolved(path)
	for _, a := range allowed {
		if a == "" {
			continue
		}
		abs, err := filepath.Abs(a)
		if err != nil {
			continue
		}
		rel, err := filepath.Rel(resolved(abs), path)
		if err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// resolved follows the symbolic links in the part of the path that exists.
func resolved(path string) string {
	path = filepath.Clean(path)
	rest := ""
	for {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(path)
		if parent == path {
			return filepath.Join(path, rest)
		}
		rest = filepath.Join(filepath.Base(path), rest)
		path = parent
	}
}

// hasCommandPrefix compares whole words: core=/_network allows "/_network {…}",
// not "/_networks".
func hasCommandPrefix(cmd, prefix string) bool {
	rest, ok := strings.CutPrefix(cmd, prefix)
	return ok && (rest == "" || rest[0] == ' ' || strings.HasSuffix(prefix, " "))
}

// hostOnlyPrefix catches the host's commands also in forms that do not parse.
func hostOnlyPrefix(cmd string) bool {
	for _, p := range []string{
		"/_db", "/db", "/sql", "/_sql", "/_start", "/_stop", "/start", "/stop", "/_app", "/set file paths", "/_set file paths",
		"/_delete user", "/delete user", "/_remote", "/remote", "/start remote", "/switch remote", "/stop remote", "/crc",
		"/connect remote", "/find remote", "/confirm remote", "/verify remote", "/delete remote", "/list remote", "/store remote",
	} {
		if hasCommandPrefix(strings.TrimSpace(cmd), p) {
			return true
		}
	}
	return false
}
