package httpmod

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"net/netip"
	"testing"
	"time"
)

func mac(digest func() hash.Hash, secret, text string) []byte {
	m := hmac.New(digest, []byte(secret))
	m.Write([]byte(text))
	return m.Sum(nil)
}

func TestSignatureForms(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	for _, tc := range []struct {
		name   string
		o      signatureOptions
		header http.Header
	}{
		{"sha1", signatureOptions{Algorithm: "sha1", Header: "X-Hub-Signature"}, http.Header{"X-Hub-Signature": {"sha1=" + hex.EncodeToString(mac(sha1.New, "s", "body"))}}},
		{"base64", signatureOptions{Algorithm: "sha512", Encoding: "base64", Header: "X-S"}, http.Header{"X-S": {base64.StdEncoding.EncodeToString(mac(sha512.New, "s", "body"))}}},
		{"another text", signatureOptions{Algorithm: "sha1", Header: "X-S", TimestampHeader: "X-T", Signed: "v0:{timestamp}:{body}"},
			http.Header{"X-S": {hex.EncodeToString(mac(sha1.New, "s", "v0:1000000:body"))}, "X-T": {"1000000"}}},
	} {
		tc.o.Secret = "s"
		s, err := newSignature(tc.o, func() time.Time { return now })
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if s.verify(tc.header, []byte("body")) == nil || s.verify(tc.header, []byte("other")) != nil {
			t.Errorf("%s: the right body is refused or a wrong one taken", tc.name)
		}
	}
}

// The clock may jump; what was seen is forgotten when it is too old to be taken.
func TestSignatureClock(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	s, err := newSignature(signatureOptions{Algorithm: "sha1", Secret: "s", Header: "X-S", TimestampHeader: "X-T", MaxAge: time.Minute}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	verify := func(at int64) bool {
		stamp := fmt.Sprint(at)
		return s.verify(http.Header{"X-S": {hex.EncodeToString(mac(sha1.New, "s", stamp+".b"))}, "X-T": {stamp}}, []byte("b")) != nil
	}
	for _, step := range []struct {
		move time.Duration
		at   int64
		want bool
	}{
		{0, 1_000_000, true}, {0, 1_000_000, false}, {0, 1_000_059, true}, {0, 999_941, true}, {0, 1_000_061, false}, {0, 999_939, false},
		{0, -1 << 62, false}, {0, 1 << 62, false},
		{time.Minute, 1_000_000, false}, {time.Second, 1_000_000, false}, {-time.Hour, 1_000_000, false}, {2 * time.Hour, 1_003_661, true},
		// Forward, so that it is forgotten, and back: it is known all the same.
		{time.Hour, 1_007_261, true}, {-time.Hour, 1_003_661, false}, {0, 1_003_662, true}, {0, 1_003_662, false},
	} {
		now = now.Add(step.move)
		if got := verify(step.at); got != step.want {
			t.Errorf("%d at %d: got %v", step.at, now.Unix(), got)
		}
	}
	if len(s.seen) != 2 {
		t.Errorf("%d signatures are remembered", len(s.seen))
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	r := newRates(1, 2)
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for i, want := range []bool{true, true, false} {
		if got := r.allow(a, now); got != want {
			t.Errorf("request %d: got %v", i, got)
		}
	}
	if !r.allow(b, now) || !r.allow(a, now.Add(time.Second)) || r.allow(a, now.Add(time.Second)) {
		t.Error("clients are not told apart, or do not recover")
	}
	// One household is one client; so many clients that they are not told apart
	// any more are refused, until some are idle.
	six := newRates(1, 1)
	if !six.allow(netip.MustParseAddr("2001:db8::1"), now) || six.allow(netip.MustParseAddr("2001:db8::2"), now) || !six.allow(netip.MustParseAddr("2001:db8:0:1::1"), now) {
		t.Error("IPv6 clients are not told apart by their network")
	}
	addr := netip.MustParseAddr("10.0.0.0")
	for range maxClients + 100 {
		addr = addr.Next()
		r.allow(addr, now.Add(time.Second))
	}
	if len(r.clients) > maxClients {
		t.Errorf("%d clients are remembered", len(r.clients))
	}
	if !r.allow(addr.Next(), now.Add(time.Minute)) || len(r.clients) != 1 {
		t.Errorf("idle clients are not forgotten: %d", len(r.clients))
	}
	if !newRates(0, 1).allow(netip.Addr{}, now) || !newRates(1, 1).allow(netip.Addr{}, now) {
		t.Error("a client without an address is refused")
	}
}
