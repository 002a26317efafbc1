package config

import "testing"

func TestParseAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"9095": "127.0.0.1:9095", ":9095": "127.0.0.1:9095", "0.0.0.0:9095": "0.0.0.0:9095", "[::1]:0": "[::1]:0", "localhost:9095": "localhost:9095",
	} {
		if got, err := ParseAddress(text); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "nowhere", "localhost:", "1:2:3", "127.0.0.1:99999"} {
		if got, err := ParseAddress(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, got)
		}
	}
}
