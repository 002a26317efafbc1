package check

import (
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// rule says that an argument of a function, or a field of it, needs a
// permission.
type rule struct {
	kind  string
	arg   int
	field string // of a table; "" is the argument itself
	// needed tells that the field cannot be missing, so that a table that is not
	// written out has it.
	needed bool
	// read turns what is written into what --allow takes; "" needs nothing.
	read func(text string) string
	// begins tells that the beginning of a value says all that counts; nil where
	// it never does.
	begins func(text string) bool
}

// never is the kind of what no permission allows.
const never = "never"

var (
	urlAt0     = rule{kind: "net", read: urlHost, begins: hasHost}
	toOf1      = rule{kind: "write", arg: 1, field: "to", read: asPath}
	readAt0    = rule{kind: "read", read: asPath}
	readAt1    = rule{kind: "read", arg: 1, read: asPath}
	writeAt0   = rule{kind: "write", read: asPath}
	writeAt1   = rule{kind: "write", arg: 1, read: asPath}
	previewOf2 = rule{kind: "read", arg: 2, field: "preview", read: asPath}
	get        = []rule{urlAt0, toOf1}
)

// rules are the functions that need a permission where an argument alone says
// which.
var rules = map[string][]rule{
	"http.get": get, "http.post": get, "http.put": get, "http.delete": get,
	"http.request": {
		{kind: "net", field: "url", needed: true, read: urlHost, begins: hasHost},
		{kind: "write", field: "to", read: asPath},
	},
	"http.serve":        {{kind: "listen", field: "listen", needed: true, read: asIs}},
	"websocket.connect": {urlAt0},
	"llm.new":           {{kind: "net", field: "url", needed: true, read: urlHost, begins: hasHost}},
	"net.lookup_srv":    {{kind: "net", arg: 2, read: asIs}},
	"store.open":        {{kind: "net", field: "url", read: urlHost, begins: hasHost}},
	"sql.open": {
		{kind: "net", field: "url", read: urlHost, begins: hasHost},
		{kind: "write", field: "path", read: databasePath},
	},
	"fs.read": {readAt0}, "fs.exists": {readAt0}, "fs.stat": {readAt0}, "fs.list": {readAt0},
	"fs.write": {writeAt0}, "fs.append": {writeAt0}, "fs.mkdir": {writeAt0}, "fs.remove": {writeAt0},
	"fs.rename": {writeAt0, writeAt1}, "fs.copy": {readAt0, writeAt1},
	"image.thumbnail": {readAt0}, "image.size": {readAt0},
	"bot.send_file": {readAt1, previewOf2}, "bot.send_image": {readAt1, previewOf2},
	"bot.send_video": {readAt1, previewOf2}, "bot.send_voice": {readAt1},
	"bot.send_link":        {{kind: "read", arg: 2, field: "image", read: asPath}},
	"bot.api.read_file":    {readAt0},
	"bot.api.write_file":   {writeAt0},
	"bot.api.encrypt_file": {readAt0, writeAt1},
	"bot.api.decrypt_file": {readAt0, {kind: "write", arg: 2, read: asPath}},
	"os.getenv":            {{kind: "env", read: asIs}},
	"exec.run":             {{kind: "read", arg: 1, field: "dir", read: asPath}},
}

// special are the functions where more than one argument says which.
var special = map[string]func(r *useReader, call *callExpr, fn string){
	"exec.run": (*useReader).execUses,
	"sql.open": (*useReader).sqlUses, "net.connect": (*useReader).hostUses,
	"irc.client": (*useReader).hostUses, "lime.client": (*useReader).limeUses,
	"bot.configure":         (*useReader).configureUses,
	"bot.api.send_chat_cmd": (*useReader).commandUses,
}

// execUses are the program and the names in its environment.
func (r *useReader) execUses(call *callExpr, fn string) {
	if len(call.args) == 0 {
		return
	}
	program := ""
	if list, ok := r.value(call.args[0]).(*tableExpr); ok && len(list.items) > 0 && list.items[0].name == "" {
		program, _ = r.text(list.items[0].value)
	}
	r.add(call, fn, "exec", program)
	if len(call.args) < 2 {
		return
	}
	env, _ := r.field(call.args[1], "env")
	if env == nil {
		return
	}
	t, ok := r.value(env).(*tableExpr)
	if !ok {
		r.add(call, fn, "env", "")
		return
	}
	for _, it := range t.items {
		r.add(call, fn, "env", it.name)
	}
}

// sqlUses are those of sql.open with a plain text: a file or a server.
func (r *useReader) sqlUses(call *callExpr, fn string) {
	if len(call.args) == 0 {
		return
	}
	text, known := r.text(call.args[0])
	if host := urlHost(text); host != "" {
		r.add(call, fn, "net", host)
	} else if path := databasePath(text); path != "" {
		r.add(call, fn, "write", path)
	} else if _, options := r.value(call.args[0]).(*tableExpr); !known && !options {
		r.add(call, fn, "net", "")
	}
}

// configureUses is the server of the chat database, in a URL or in pairs as
// "host=db.example.org user=bot".
func (r *useReader) configureUses(call *callExpr, fn string) {
	if len(call.args) == 0 {
		return
	}
	at := call.args[0]
	for _, name := range []string{"db", "postgres", "connection_string"} {
		if at, _ = r.field(at, name); at == nil {
			return
		}
	}
	text, _ := r.text(at)
	host := urlHost(text)
	for _, pair := range strings.Fields(text) {
		if value, ok := strings.CutPrefix(pair, "host="); ok {
			host = value
		}
	}
	r.add(call, fn, "net", host)
}

// hostUses are those of a table with a host and a port.
func (r *useReader) hostUses(call *callExpr, fn string) {
	if len(call.args) == 0 {
		return
	}
	host, known := r.field(call.args[0], "host")
	if host == nil && known {
		return
	}
	value, _ := r.text(host)
	port, _ := r.field(call.args[0], "port")
	if n, ok := r.value(port).(*literalExpr); ok && value != "" && n.kind == "number" {
		value = net.JoinHostPort(value, n.text)
	}
	r.add(call, fn, "net", value)
}

// limeUses are the server's address, or the domain of the identity.
func (r *useReader) limeUses(call *callExpr, fn string) {
	if len(call.args) == 0 {
		return
	}
	if uri, _ := r.field(call.args[0], "uri"); uri != nil {
		r.use(call, fn, rule{kind: "net", read: urlHost, begins: hasHost}, uri)
		return
	}
	identity, _ := r.field(call.args[0], "identity")
	text, _ := r.text(identity)
	_, domain, _ := strings.Cut(text, "@")
	domain, _, _ = strings.Cut(domain, "/")
	r.add(call, fn, "net", domain)
}

// commandUses asks the walls themselves about a raw command that is written out.
func (r *useReader) commandUses(call *callExpr, fn string) {
	if len(call.args) == 0 {
		return
	}
	text, known := r.text(call.args[0])
	if op, ok := r.value(call.args[0]).(*opExpr); ok && len(op.parts) > 0 {
		if _, written := r.text(op.parts[0]); written {
			return // it is mostly a documented command with an id in it
		}
	}
	if !known {
		r.add(call, fn, "core", "")
		return
	}
	var refused *permission.Error
	_, err := permission.Set{}.Command(text, permission.Files{Dir: string(filepath.Separator) + "files"})
	if !errors.As(err, &refused) {
		return
	}
	if _, entry, ok := strings.Cut(refused.Hint, "--allow "); ok {
		kind, value, _ := strings.Cut(entry, "=")
		r.add(call, fn, kind, value)
		return
	}
	r.add(call, fn, never, text)
}

func asIs(text string) string { return text }

// asPath is a path outside of the files folder.
func asPath(text string) string {
	if filepath.IsAbs(text) || slices.Contains(strings.Split(filepath.ToSlash(text), "/"), "..") {
		return text
	}
	return ""
}

func databasePath(text string) string {
	if strings.Contains(text, "://") {
		return ""
	}
	return asPath(text)
}

// urlHost is the host of a URL, with its port where one is written.
func urlHost(text string) string {
	if u, err := url.Parse(text); err == nil && u.Scheme != "" {
		return u.Host
	}
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || scheme == "" {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return host[strings.LastIndexByte(host, '@')+1:]
}

// hasHost tells that a URL's beginning holds all of its host.
func hasHost(text string) bool {
	_, rest, ok := strings.Cut(text, "://")
	return ok && strings.ContainsAny(rest, "/?#")
}
