package permission

import (
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// Command decides by parsing whether a script may send the command; the error
// is an *Error. Documented commands and those that bots need may be sent, with
// the paths, hosts and keys in them behind the same walls as everything else;
// other commands need core=, and some are the host's alone.
func (p Set) Command(raw, filesDir string) error {
	name := chat.CommandName(raw)
	if len(name) > 40 {
		name = name[:40] + "…"
	}
	cmd, ok := syntax.Parse(raw)
	granted := p.All || slices.ContainsFunc(p.Core, func(prefix string) bool { return hasCommandPrefix(raw, prefix) })
	switch {
	case strings.ContainsRune(raw, 0):
		return deny("check its spelling", "%q: a command ends at a NUL byte", name)
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
		if w.Kind == syntax.Path && spaced(raw, w.Value) {
			return deny("", "%s: %s begins or ends with a space, which the core may leave out", name, w.Where)
		}
		if err := p.checkWall(name, w, filesDir); err != nil {
			return err
		}
	}
	return nil
}

// spaced tells whether the core may read another path in the command than we
// do: it cuts white space off the end of a command byte by byte, and takes the
// byte A0 for a space too, also where it is part of a letter.
func spaced(raw, path string) bool {
	raw = strings.TrimRight(raw, " \t\r\n\f\v")
	return strings.TrimSpace(path) != path || path != "" && path[len(path)-1] == 0xa0 && strings.HasSuffix(raw, path)
}

func (p Set) checkWall(name string, w syntax.Wall, filesDir string) error {
	switch w.Kind {
	case syntax.Path:
		write := name == "/freceive" || strings.Contains(w.Where, "Folder")
		if _, err := p.Path(w.Value, filesDir, write); err != nil {
			return deny(err.(*Error).Hint, "%s: %s reaches outside the bot's files folder", name, w.Where)
		}
	case syntax.Host:
		for _, host := range serverHosts(w.Value) {
			if !p.Host(host) {
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
