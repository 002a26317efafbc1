package postgres

import (
	"strings"
	"testing"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

func TestCheckConnection(t *testing.T) {
	t.Parallel()
	allowed := permission.Set{Net: []string{"db.example.org", "127.0.0.1:5433"}, Write: []string{"/run/postgresql"}}
	for text, want := range map[string]string{
		"postgres://u@db.example.org/d":                 "",
		"host=db.example.org user=u password=p":         "",
		" host=db.example.org\tport=99\n":               "",
		"host=db.example.org,127.0.0.1 port=1,5433":     "",
		"host=/run/postgresql dbname=d":                 "",
		"postgres://u@evil.example/d":                   "net=evil.example:5432",
		"host=127.0.0.1":                                "net=127.0.0.1:5432",
		"host=db.example.org,127.0.0.1":                 "net=127.0.0.1:5432",
		"host=db.example.org,127.0.0.1 port=5433":       "",
		"host=db.example.org,127.0.0.1 port=5433,5434":  "net=127.0.0.1:5434",
		"host=db.example.org,127.0.0.1 port=1,5433,3":   "cannot be told",
		"host=db.example.org port=5433,1":               "cannot be told",
		"host=db.example.org port=x":                    "cannot be told",
		"host=db.example.org, user=u":                   "cannot be told",
		"host=/tmp":                                     "write=/tmp/.s.PGSQL.5432",
		"host=@abstract":                                "net=",
		"user=u":                                        "names no host",
		"":                                              "names no host",
		"host=db.example.org host=127.0.0.1":            "without quotes, each once",
		"host=db.example.org hostaddr=127.0.0.1":        "without quotes, each once",
		"host=db.example.org passfile=/etc/passwd":      "without quotes, each once",
		"service=x":                                     "without quotes, each once",
		"host=db.example.org password='x host=10.0.0.1": "without quotes, each once",
		`host=db.example.org password=a\ host=10.0.0.1`: "without quotes, each once",
		"host = db.example.org":                         "without quotes, each once",
		"HOST=db.example.org":                           "without quotes, each once",
	} {
		err := CheckConnection("x", text, allowed)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// FuzzCheckConnection: what is allowed names no other host.
func FuzzCheckConnection(f *testing.F) {
	f.Add("host=good,bad port=1,2")
	f.Add("postgres://u@good,x:5/d?sslmode=disable")
	allowed := permission.Set{Net: []string{"good"}}
	f.Fuzz(func(t *testing.T, text string) {
		if Is(text) || CheckConnection("x", text, allowed) != nil {
			return
		}
		for pair := range strings.FieldsSeq(text) {
			hosts, ok := strings.CutPrefix(pair, "host=")
			for host := range strings.SplitSeq(hosts, ",") {
				if ok && !allowed.Host(host) {
					t.Errorf("%q is allowed", text)
				}
			}
		}
	})
}
