package llm

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/bottest"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// TestLLM runs the cases of testdata/bot_test.lua.
func TestLLM(t *testing.T) {
	t.Parallel()
	model := httptest.NewServer(newServer(t))
	defer model.Close()
	address := strings.TrimPrefix(model.URL, "http://")
	grants, err := permission.Parse([]string{"net=" + address, "listen=127.0.0.1:0", "env=LLM_URL"})
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	_, err = bottest.Run(context.Background(), bottest.Options{
		Files: []string{"testdata/bot_test.lua"}, Parallel: 2, Timeout: time.Minute, Stdlib: stdlib.FS, Grants: grants,
		Getenv: func(name string) (string, bool) { return model.URL, name == "LLM_URL" },
		Done: func(r bottest.Result) {
			cases++
			log := strings.Join(r.Log, "\n")
			if r.Err != nil {
				t.Errorf("%s: %s\n%s", r.Name, bottest.Failure(r.Err), log)
			}
			if strings.Contains(log, "sk-secret-") {
				t.Errorf("%s: the log shows the key:\n%s", r.Name, log)
			}
		},
	})
	if err != nil || cases == 0 {
		t.Errorf("%d cases ran: %v", cases, err)
	}
}

// TestNotAllowed asks a server that the operator has not allowed.
func TestNotAllowed(t *testing.T) {
	t.Parallel()
	_, err := bottest.Run(context.Background(), bottest.Options{
		Files: []string{"testdata/denied_test.lua"}, Timeout: time.Minute, Stdlib: stdlib.FS,
		Done: func(r bottest.Result) {
			if r.Err != nil {
				t.Error(bottest.Failure(r.Err))
			}
		},
	})
	if err != nil {
		t.Error(err)
	}
}
