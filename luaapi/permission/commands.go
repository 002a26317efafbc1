package permission

import (
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/simplex-lua/simplex-lua/internal/chat"
	"github.com/simplex-lua/simplex-lua/internal/chat/syntax"
)

// Files are where paths in commands lead.
type Files struct {
	// Dir is the bot's files folder.
	Dir string
	// Remote tells that the core is another program, with a folder of its own.
	Remote bool
}

// Checked is a command that a script may send.
type Checked struct {
	// Text is what to send: the command with whole paths, where the core would
	// begin at another folder than scripts do.
	Text string
	// Hosts are those in the command that the core may connect to, as far as
	// their names tell. Dialer.Resolve tells what the names lead to.
	Hosts []string
}

// Command decides by parsing whether a script may send the command; the error
// is an *Error. Documented commands and those that bots need may be sent, with
// the paths, hosts and keys in them behind the same walls as everything else;
// other commands need core=, and some are the host's alone.
func (p Set) Command(raw string, files Files) (Checked, error) {
	name := chat.CommandName(raw)
	if len(name) > 40 {
		name = name[:40] + "…"
	}
	cmd, ok := syntax.Parse(raw)
	granted := p.All || slices.ContainsFunc(p.Core, func(prefix string) bool { return hasCommandPrefix(raw, prefix) })
	switch {
	case strings.ContainsRune(raw, 0):
		return Checked{}, deny("check its spelling", "%q: a command ends at a NUL byte", name)
	case ok && cmd.HostOnly, !ok && hostOnlyPrefix(raw):
		return Checked{}, deny("", "%s: only simplex-lua itself sends this command, never a script", name)
	case !ok && (!granted || syntax.Known(raw)):
		// Of a command that the grammar has, a form that it cannot parse could hold
		// a path or a host that nobody sees.
		hint := "check its spelling"
		if strings.HasPrefix(name, "/") && !syntax.Known(raw) {
			hint += ", or allow it with --allow core=" + name
		}
		return Checked{}, deny(hint, "%s: not a command that scripts may send: it could not be parsed", name)
	case ok && cmd.Class == syntax.Service && !granted:
		return Checked{}, deny("allow it with --allow core="+name, "%s: not allowed for scripts", name)
	}
	checked := Checked{Text: raw}
	for _, w := range cmd.Walls() {
		if err := p.checkWall(&checked, name, cmd.Name, w, files); err != nil {
			return Checked{}, err
		}
	}
	return checked, nil
}

// misread tells whether the core may read another path in the command than we
// do: it cuts white space off the end of a command byte by byte, takes the byte
// A0 for a space too, also where it is part of a letter, and puts other letters
// where the text is not UTF-8.
func misread(raw, path string) bool {
	raw = strings.TrimRight(raw, " \t\r\n\f\v")
	return !utf8.ValidString(path) || strings.TrimSpace(path) != path ||
		path != "" && path[len(path)-1] == 0xa0 && strings.HasSuffix(raw, path)
}

// fromWorkingFolder are the commands whose relative paths begin, to the core, in
// the working folder of the process instead of the files folder. In all of them
// the path stands at the end.
var fromWorkingFolder = []string{"ReceiveFile", "APIUploadStandaloneFile", "APIDownloadStandaloneFile"}

// checkWall checks one value and notes in c what it means for the command.
func (p Set) checkWall(c *Checked, name, command string, w syntax.Wall, files Files) error {
	switch w.Kind {
	case syntax.Path:
		return p.checkPath(c, name, command, w, files)
	case syntax.Host:
		for _, host := range serverHosts(w.Value) {
			if !p.Host(host) {
				return deny("allow it with --allow net="+host, "%s: %s names a host that is not allowed", name, w.Where)
			}
			c.Hosts = append(c.Hosts, host)
		}
	case syntax.Key:
		return deny("", "%s: %s is a key or password, which scripts may not set", name, w.Where)
	}
	return nil
}

func (p Set) checkPath(c *Checked, name, command string, w syntax.Wall, files Files) error {
	if misread(c.Text, w.Value) {
		return deny("", "%s: %s begins or ends with a space, which the core may leave out, or is not UTF-8", name, w.Where)
	}
	relative := w.Value != "" && !filepath.IsAbs(w.Value)
	if relative && files.Remote {
		return deny("", "%s: %s has to be a whole path: the chat program has a files folder of its own", name, w.Where)
	}
	writes := command == "ReceiveFile" || command == "APIDownloadStandaloneFile" || strings.Contains(w.Where, "Folder")
	path, err := p.Path(w.Value, files.Dir, writes)
	if err != nil {
		hint := err.(*Error).Hint
		if hint == "" {
			return deny("", "%s: %s: %v", name, w.Where, err)
		}
		return deny(hint, "%s: %s reaches outside the bot's files folder", name, w.Where)
	}
	if relative && slices.Contains(fromWorkingFolder, command) {
		whole, err := filepath.Abs(path)
		if err != nil {
			return deny("", "%s: %s has to be a whole path: %v", name, w.Where, err)
		}
		c.Text = strings.TrimSuffix(strings.TrimRight(c.Text, " \t\r\n\f\v"), w.Value) + whole
	}
	return nil
}

// serverHosts takes the hosts out of the addresses of servers: smp://KEY@host:port,
// with several hosts joined by commas and several servers by semicolons, or a
// plain host.
func serverHosts(addresses string) (hosts []string) {
	for address := range strings.SplitSeq(addresses, ";") {
		if _, rest, ok := strings.Cut(address, "://"); ok {
			address = rest
		}
		authority, rest := address, ""
		if i := strings.IndexAny(address, "/?#"); i >= 0 {
			authority, rest = address[:i], address[i:]
		}
		if strings.Contains(rest, "@") {
			authority = address // no host: who knows where it begins
		} else if i := strings.LastIndexByte(authority, '@'); i >= 0 {
			authority = authority[i+1:]
		}
		hosts = append(hosts, strings.Split(authority, ",")...)
	}
	return hosts
}

// hasCommandPrefix compares whole words: core=/_network allows "/_network {…}",
// not "/_networks".
func hasCommandPrefix(cmd, prefix string) bool {
	rest, ok := strings.CutPrefix(cmd, prefix)
	return ok && (rest == "" || rest[0] == ' ' || strings.HasSuffix(prefix, " "))
}

// hostOnly are what commands of the host alone begin with.
var hostOnly = []string{
	"/_db", "/db", "/sql", "/_sql", "/_start", "/_stop", "/start", "/stop", "/_app", "/set file paths", "/_set file paths",
	"/_files_folder", "/files_folder", "/_temp_folder", "/temp_folder", "/remote_hosts_folder", "/_files_encrypt",
	"/_delete user", "/delete user", "/_remote", "/remote", "/start remote", "/switch remote", "/stop remote", "/crc",
	"/connect remote", "/find remote", "/confirm remote", "/verify remote", "/delete remote", "/list remote", "/store remote",
	"/get remote", "/q", "/quit", "/exit",
}

// hostOnlyPrefix catches the host's commands also in forms that do not parse:
// on a line of their own, in capital letters, with other spaces and with signs
// that nobody sees.
func hostOnlyPrefix(cmd string) bool {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r == '\uff0f':
			return '/'
		case r == utf8.RuneError || r != '\n' && (unicode.IsSpace(r) || unicode.IsControl(r)):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return unicode.ToLower(r)
	}, cmd)
	for _, line := range append(strings.Split(plain, "\n"), plain) {
		line = strings.Join(strings.Fields(line), " ")
		if slices.ContainsFunc(hostOnly, func(p string) bool { return hasCommandPrefix(line, p) }) {
			return true
		}
	}
	return false
}
