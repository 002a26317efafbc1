package postgres

import (
	"errors"
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

func TestConfig(t *testing.T) {
	t.Parallel()
	allowed := permission.Set{Net: []string{"db.example.org", "127.0.0.1:5433"}, Write: []string{"/run/postgresql"}}
	for _, tt := range []struct{ url, want string }{
		{"postgres://u@db.example.org/d", ""},
		{"postgresql://u:p@db.example.org:99/d?sslmode=require&application_name=bot", ""},
		{"postgres://u@127.0.0.1:5433/d", ""},
		{"postgres://u@/d?host=/run/postgresql", ""},
		{"postgres://u@/d?host=/tmp&port=99", "write=/tmp/.s.PGSQL.99"},
		{"postgres://u@db.example.org/d?host=/tmp", "write=/tmp/.s.PGSQL.5432"},
		{"postgres://u@127.0.0.1/d", "net=127.0.0.1:5432"},
		{"postgres://u@db.example.org,evil.example/d", "net=evil.example:5432"},
		{"postgres://u@db.example.org/d?host=evil.example", "net=evil.example:5432"},
		{"postgres://u@%2Ftmp/d", "want a URL"},
		{"postgres://u:secret@evil.example/d", "net=evil.example:5432"},
		{"http://u@db.example.org/d", "want a URL"},
		{"postgres://db.example.org/d", "names no user"},
		{"postgres://u@/d", "names no host"},
		{"postgres://u:secret@db.example.org/d?sslmode=never", "cannot be used"},
		{"postgres://u@127.0.0.1,x@db.example.org/d", "two ways"},
		{"postgres://u@db.example.org#,127.0.0.1/d", "two ways"},
		{"postgres://u@db.example.org/d?host=127.0.0.1,x;", "two ways"},
		{"postgres://u@db.example.org/d?host=127.0.0.1&host=db.example.org", "twice"},
		{"postgres://u:a%40b%23@db.example.org/d", ""},
		{"postgres://u@db.example.org/d?hostaddr=127.0.0.1", "may not have the parameter"},
		{"postgres://u@db.example.org/d?passfile=/etc/passwd", "passfile"},
		{"postgres://u@db.example.org/d?sslkey=/x&sslcert=/y", "may not have the parameter"},
		{"postgres://u@db.example.org/d?service=x&servicefile=/x", "may not have the parameter"},
	} {
		_, err := Config("x.url", tt.url, allowed)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.url, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret")):
			t.Errorf("%s: got %v, want %s", tt.url, err, tt.want)
		}
		var denied *permission.Error
		var wrong *module.Error
		if err != nil && errors.As(err, &denied) == errors.As(err, &wrong) {
			t.Errorf("%s: got an error of type %T", tt.url, err)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add("postgres://u@db.example.org,x:5/d?sslmode=disable")
	f.Fuzz(func(t *testing.T, url string) {
		config, err := Config("x", url, permission.Set{Net: []string{"good"}})
		if err == nil && config.ConnConfig.Host != "good" {
			t.Errorf("%q: allows %s", url, config.ConnConfig.Host)
		}
	})
}
