package remote

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		url, token string
		insecure   bool
		problem    string // "" for none
	}{
		{url: "ws://127.0.0.1:5225"},
		{url: "ws://127.9.9.9:5225"},
		{url: "ws://localhost:5225/path?a=b"},
		{url: "ws://[::1]:5225"},
		{url: "wss://core.example.org", token: "t"},
		{url: "ws://10.0.0.7:5225", insecure: true},
		{url: "ws://10.0.0.7:5225", problem: "without TLS"},
		{url: "ws://localhost.example.org:5225", problem: "without TLS"},
		{url: "ws://127.0.0.1.example.org", problem: "without TLS"},
		{url: "ws://0.0.0.0:5225", problem: "without TLS"},
		{url: "http://127.0.0.1:5225", problem: "no WebSocket address"},
		{url: "127.0.0.1:5225", problem: "no address"},
		{url: "localhost:5225", problem: "no WebSocket address"},
		{url: "ws://", problem: "no WebSocket address"},
		{url: "ws://:5225", problem: "no WebSocket address"},
		{url: "", problem: "no WebSocket address"},
		{url: "ws://me:hunter2@127.0.0.1:5225", problem: "name or password"},
		{url: "ws://me:hunter2@127.0.0.1:52%zz25", problem: "no address"},
		{url: "wss://x.org", token: "hunter2\n", problem: "more than one line"},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			t.Parallel()
			err := Options{URL: tt.url, Token: tt.token, Insecure: tt.insecure}.Check()
			if tt.problem == "" {
				if err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			wrong := (*AddressError)(nil)
			if !errors.As(err, &wrong) || wrong.Hint() == "" || !strings.Contains(err.Error(), tt.problem) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v, want an *AddressError with %q and without secrets", err, tt.problem)
			}
		})
	}
}

// TestOtherServers: what is no chat program is told from one, and no token is
// taken elsewhere.
func TestOtherServers(t *testing.T) {
	t.Parallel()
	var asked []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("got Authorization %q, want the token", r.Header.Get("Authorization"))
		}
		http.Redirect(w, r, elsewhere.URL, http.StatusFound)
	}))
	defer server.Close()
	_, err := Open(t.Context(), Options{URL: "ws" + strings.TrimPrefix(server.URL, "http"), Token: "secret"})
	if err == nil || !strings.Contains(err.Error(), "302 Found") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v, want the answer's status", err)
	}
	if len(asked) != 0 {
		t.Errorf("the redirect was followed with %q", asked)
	}
}
