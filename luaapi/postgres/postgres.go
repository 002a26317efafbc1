package postgres

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// parameters are those that a URL may have.
var parameters = []string{"sslmode", "application_name", "search_path", "host", "port"}

// fixed are settings that pgx would take from the environment and from files of
// the operator's, which are not for scripts: a server of a script's choice would
// get them.
var fixed = map[string]string{
	"passfile": "", "servicefile": "", "sslcert": "", "sslkey": "", "sslrootcert": "", "sslpassword": "",
	"sslcertmode": "disable", "sslsni": "1", "sslnegotiation": "", "connect_timeout": "10", "target_session_attrs": "any",
	"min_protocol_version": "", "max_protocol_version": "", "channel_binding": "", "require_auth": "",
}

// MaxConns is how many connections a pool opens.
const MaxConns = 4

// Is tells whether a text is the URL of a server and not the path of a file.
func Is(text string) bool {
	return strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://")
}

// Config makes the configuration of a pool of a URL. What names it in errors:
// a *module.Error of type argument where the URL is wrong, a *permission.Error
// where one of its hosts is not allowed. Nothing is dialled yet; when it is, the
// addresses that a name leads to are checked too. A socket, host=/FOLDER in the
// URL, is a file that has to be allowed for writing. Nothing is taken from the
// environment. Passwords do not appear in errors.
func Config(what, text string, allowed permission.Set) (*pgxpool.Config, error) {
	u, err := url.Parse(text)
	if err != nil || !Is(text) {
		return nil, module.Errorf(module.ErrArgument, "%s: want a URL as postgres://user:password@host:5432/database", what)
	}
	authority, _, _ := strings.Cut(text[strings.Index(text, "://")+3:], "/")
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil || strings.Contains(text, "#") || strings.Count(authority, "@") > 1 {
		return nil, module.Errorf(module.ErrArgument, "%s: the URL can be read in two ways: write an @ or # of a password as %%40 or %%23", what)
	}
	for name, values := range q {
		if len(values) > 1 {
			return nil, module.Errorf(module.ErrArgument, "%s: the URL has the parameter %q twice", what, name)
		}
		if !slices.Contains(parameters, name) {
			return nil, module.Errorf(module.ErrArgument, "%s: the URL may not have the parameter %q; it may have %s",
				what, name, strings.Join(parameters, ", "))
		}
	}
	if u.Host == "" && q.Get("host") == "" {
		return nil, module.Errorf(module.ErrArgument, "%s: the URL names no host", what)
	}
	if u.User.Username() == "" {
		return nil, module.Errorf(module.ErrArgument, "%s: the URL names no user", what)
	}
	given := map[string]string{} // that the server is told
	for _, name := range []string{"application_name", "search_path"} {
		if q.Has(name) {
			given[name] = q.Get(name)
		}
	}
	for name, value := range fixed {
		q.Set(name, value)
	}
	if q.Get("sslmode") == "" {
		q.Set("sslmode", "prefer")
	}
	u.RawQuery = q.Encode()
	config, err := pgxpool.ParseConfig(u.String())
	if err != nil {
		return nil, module.Errorf(module.ErrArgument, "%s: the URL cannot be used: %v", what, err)
	}
	c := config.ConnConfig
	c.RuntimeParams, c.Database = given, strings.TrimPrefix(u.Path, "/")
	c.Password, _ = u.User.Password()
	if err := checkHost(what, c.Host, c.Port, allowed); err != nil {
		return nil, err
	}
	for _, f := range c.Fallbacks {
		if err := checkHost(what, f.Host, f.Port, allowed); err != nil {
			return nil, err
		}
	}
	// The dialer asks for the addresses itself, so that it sees the name.
	c.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	c.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if network == "unix" { // checked by its path
			return new(net.Dialer).DialContext(ctx, network, address)
		}
		return allowed.DialContext(ctx, network, address)
	}
	c.ConnectTimeout = 10 * time.Second
	config.MaxConns = MaxConns
	config.MinConns, config.MinIdleConns = 0, 0
	return config, nil
}

// checkHost refuses a host that is not allowed.
func checkHost(what, host string, port uint16, allowed permission.Set) error {
	if network, path := pgconn.NetworkAddress(host, port); network == "unix" {
		_, err := allowed.Path(path, "", true)
		return err
	}
	address := net.JoinHostPort(host, strconv.Itoa(int(port)))
	if allowed.Host(address) {
		return nil
	}
	return &permission.Error{
		Message: fmt.Sprintf("%s: the script may not connect to %s", what, address),
		Hint:    "allow it with --allow net=" + address,
	}
}
