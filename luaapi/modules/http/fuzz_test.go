package httpmod

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"
	"time"
)

// Whatever stands in the headers, nobody without the secret is taken in, and who
// has it once.
func FuzzSignature(f *testing.F) {
	f.Add("sha256=00", "1000000", "body", "v0:{timestamp}:{body}")
	f.Add("", "", "", "{timestamp}.{body}")
	f.Add("sha256=", "-1", "\x00", "{body}{timestamp}{timestamp}")
	f.Fuzz(func(t *testing.T, given, stamp, body, signed string) {
		now := time.Unix(1_000_000, 0)
		s, err := newSignature(signatureOptions{Secret: "secret", TimestampHeader: "X-T", Signed: signed}, func() time.Time { return now })
		if err != nil {
			return
		}
		h := http.Header{"X-Hub-Signature-256": {given}, "X-T": {stamp}}
		if s.verify(h, []byte(body)) != nil {
			t.Errorf("%q at %q is taken", given, stamp)
		}
		const at = "1000000"
		if signed != "{timestamp}.{body}" {
			return
		}
		h = http.Header{"X-Hub-Signature-256": {hex.EncodeToString(mac(sha256.New, "secret", at+"."+body))}, "X-T": {at}}
		if s.verify(h, []byte(body)) == nil || s.verify(h, []byte(body)) != nil {
			t.Errorf("%q is not taken once", body)
		}
	})
}

// Whatever the pattern of a route, it is taken or there is an error; its names
// can be asked for.
func FuzzPattern(f *testing.F) {
	for _, s := range []string{"/hook", "POST /orders/{id}", "/{rest...}", "/{", "//", "GET  /x", "/a/{b}/{b}", "{$}", "/{$}", "host/{x}", "", "GET"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		s := &server{mux: http.NewServeMux()}
		if s.handle(pattern, http.NotFoundHandler()) != nil {
			return
		}
		for _, name := range paramNames(pattern) {
			if name == "" {
				t.Errorf("%q: a parameter without a name", pattern)
			}
		}
	})
}
