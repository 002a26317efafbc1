package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// settings are those that a connection string of name=value pairs may have.
var settings = []string{"host", "port", "user", "password", "dbname", "sslmode", "application_name", "connect_timeout"}

// CheckConnection checks what a script gives a library that connects by itself:
// a URL, or pairs as "host=db.example.org user=bot". Its errors are as those of
// Config. What could be read in more than one way is refused.
func CheckConnection(what, text string, allowed permission.Set) error {
	if Is(text) {
		_, err := Config(what, text, allowed)
		return err
	}
	given := map[string]string{}
	for pair := range strings.FieldsSeq(text) {
		name, value, ok := strings.Cut(pair, "=")
		if _, twice := given[name]; !ok || twice || strings.ContainsAny(value, `'\`) || !slices.Contains(settings, name) {
			return module.Errorf(module.ErrArgument, "%s: want a URL as postgres://user:password@host:5432/database, or pairs of %s without quotes, each once",
				what, strings.Join(settings, ", "))
		}
		given[name] = value
	}
	if given["host"] == "" {
		return module.Errorf(module.ErrArgument, "%s: it names no host", what)
	}
	hosts, ports := strings.Split(given["host"], ","), strings.Split(given["port"], ",")
	for i, host := range hosts {
		port := ports[min(i, len(ports)-1)]
		n, err := strconv.ParseUint(port, 10, 16)
		if port == "" {
			n, err = 5432, nil
		}
		if err != nil || host == "" || len(ports) > 1 && len(ports) != len(hosts) {
			return module.Errorf(module.ErrArgument, "%s: the hosts and ports cannot be told", what)
		}
		if err := checkHost(what, host, uint16(n), allowed); err != nil {
			return err
		}
	}
	return nil
}
