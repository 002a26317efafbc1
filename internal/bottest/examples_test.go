package bottest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
	"github.com/simplex-lua/simplex-lua/stdlib"
)

// allowed finds the permissions that the tests of an example ask for, in a
// comment of theirs: "allow: net=127.0.0.1 env=URL". Only the tests here listen.
var allowed = regexp.MustCompile(`(?m)^--.* allow: (.+)$`)

// TestExamples runs the examples' own tests, which reach every handler.
func TestExamples(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob("../../scripts/examples/*.lua")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, script := range scripts {
		if strings.HasSuffix(script, suffix) {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(script), ".lua"), func(t *testing.T) {
			t.Parallel()
			testExample(t, strings.TrimSuffix(script, ".lua")+suffix)
		})
	}
}

func testExample(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("an example without tests: %v", err)
	}
	o := Options{Files: []string{file}, Stdlib: stdlib.FS, Parallel: 2, Timeout: time.Minute, Done: func(r Result) {
		if r.Err != nil {
			t.Errorf("%s: %s\n%s", r.Name, Failure(r.Err), strings.Join(r.Log, "\n"))
		}
	}}
	if asks := allowed.FindSubmatch(text); asks != nil {
		if o.Grants, err = permission.Parse(strings.Fields(string(asks[1]))); err != nil {
			t.Fatal(err)
		}
		o.Getenv = exampleEnv(t)
	}
	s, err := Run(t.Context(), o)
	if err != nil || s.Passed == 0 {
		t.Errorf("%d passed, %v", s.Passed, err)
	}
	for _, c := range s.Coverage {
		if len(c.Never) > 0 {
			t.Errorf("never ran: %v", c.Never)
		}
	}
}

// exampleEnv is an environment with a server for the examples that need one.
func exampleEnv(t *testing.T) func(name string) (string, bool) {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /feed", growingFeed())
	mux.HandleFunc("POST /v1/chat/completions", streamedAnswer)
	env := map[string]string{
		"FEED_URL": server.URL + "/feed", "LLM_URL": server.URL + "/v1",
		"ALERTS_LISTEN": "127.0.0.1:0", "ALERTS_SECRET": "a shared secret",
	}
	return func(name string) (string, bool) {
		value, ok := env[name]
		return value, ok
	}
}

// growingFeed serves a feed of two items, and of three from the second time on.
func growingFeed() http.HandlerFunc {
	names := []string{"First", "Second", "Third"}
	var asked atomic.Int32
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title>`)
		for n := min(int(asked.Add(1))+1, len(names)); n > 0; n-- {
			fmt.Fprintf(w, `<item><title>%s</title><link>https://example.org/%d</link></item>`, names[n-1], n)
		}
		fmt.Fprint(w, `</channel></rss>`)
	}
}

// streamedAnswer answers as a language model does, piece by piece.
func streamedAnswer(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "text/event-stream")
	for _, piece := range []string{"Paris, ", "I think."} {
		fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%q}}]}\n\n", piece)
	}
	fmt.Fprint(w, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
}
