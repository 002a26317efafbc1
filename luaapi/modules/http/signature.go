package httpmod

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// signatureOptions say how requests are signed. The defaults are GitHub's.
type signatureOptions struct {
	Secret    string `lua:"secret"`
	Header    string `lua:"header"`    // default X-Hub-Signature-256
	Algorithm string `lua:"algorithm"` // sha256, sha512 or sha1; default sha256
	// Prefix stands before the signature; by default "sha256=" is taken off where
	// it is there.
	Prefix   *string `lua:"prefix"`
	Encoding string  `lua:"encoding"` // hex or base64; default hex
	// TimestampHeader holds when it was signed, in seconds since 1970. It is
	// signed too, and what is older or newer than MaxAge is refused, as is what
	// came before.
	TimestampHeader string        `lua:"timestamp_header"`
	MaxAge          time.Duration `lua:"max_age"` // default 5 min
	// Signed is the text that is signed; default "{body}", and
	// "{timestamp}.{body}" where there is a TimestampHeader.
	Signed string `lua:"signed"`
}

var digests = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}

// signature checks requests. Safe for use by several goroutines.
type signature struct {
	o      signatureOptions
	digest func() hash.Hash
	decode func(string) ([]byte, error)
	now    func() time.Time

	mu        sync.Mutex           // guards the fields below
	seen      map[string]time.Time // valid signatures and when they are too old
	forgotten time.Time            // the latest such time that is not in seen any more
}

func newSignature(o signatureOptions, now func() time.Time) (*signature, error) {
	s := &signature{o: o, now: now, decode: hex.DecodeString, seen: map[string]time.Time{}}
	o = *s.defaults()
	switch s.digest = digests[o.Algorithm]; {
	case s.digest == nil:
		return nil, fmt.Errorf("algorithm: want sha256, sha512 or sha1, got %q", o.Algorithm)
	case o.Encoding != "hex" && o.Encoding != "base64":
		return nil, fmt.Errorf("encoding: want hex or base64, got %q", o.Encoding)
	case o.Secret == "":
		return nil, errors.New("secret is missing; os.getenv answers nil for a name without --allow env=NAME")
	case o.MaxAge < time.Second:
		return nil, errors.New("max_age: want at least a second")
	case !strings.Contains(o.Signed, "{body}"):
		return nil, errors.New("signed: want a text with {body} in it")
	case strings.Contains(o.Signed, "{timestamp}") != (o.TimestampHeader != ""):
		return nil, errors.New("signed: {timestamp} and timestamp_header belong together")
	}
	if o.Encoding == "base64" {
		s.decode = base64.StdEncoding.DecodeString
	}
	return s, nil
}

func (s *signature) defaults() *signatureOptions {
	for field, value := range map[*string]string{
		&s.o.Header: "X-Hub-Signature-256", &s.o.Algorithm: "sha256", &s.o.Encoding: "hex",
	} {
		if *field == "" {
			*field = value
		}
	}
	if s.o.MaxAge == 0 {
		s.o.MaxAge = 5 * time.Minute
	}
	if s.o.Signed == "" {
		s.o.Signed = "{body}"
		if s.o.TimestampHeader != "" {
			s.o.Signed = "{timestamp}.{body}"
		}
	}
	return &s.o
}

// verify checks a request. It returns nil for one that is not signed as it must
// be, is too old, or came before; otherwise what forgets that it came.
func (s *signature) verify(h http.Header, body []byte) (forget func()) {
	given, ok := s.given(h.Get(s.o.Header))
	timestamp := h.Get(s.o.TimestampHeader)
	mac := hmac.New(s.digest, []byte(s.o.Secret))
	_, _ = strings.NewReplacer("{timestamp}", timestamp, "{body}", string(body)).WriteString(mac, s.o.Signed) // a hash takes all
	sum := mac.Sum(nil)
	if !hmac.Equal(sum, given) || !ok {
		return nil
	}
	if s.o.TimestampHeader == "" {
		return func() {}
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	signed, now := time.Unix(seconds, 0), s.now()
	if err != nil || signed.Before(now.Add(-s.o.MaxAge)) || signed.After(now.Add(s.o.MaxAge)) {
		return nil
	}
	return s.first(string(sum), signed.Add(s.o.MaxAge), now)
}

// given takes the signature out of its header.
func (s *signature) given(text string) ([]byte, bool) {
	if s.o.Prefix == nil {
		text = strings.TrimPrefix(text, s.o.Algorithm+"=")
	} else {
		var ok bool
		if text, ok = strings.CutPrefix(text, *s.o.Prefix); !ok {
			return nil, false
		}
	}
	sum, err := s.decode(text)
	return sum, err == nil
}

// first notes a signature and returns nil where it was noted before, or may have
// been: the clock can go forward, so that it was forgotten, and back. Only those
// who know the secret make entries, and they last no longer than twice MaxAge.
func (s *signature) first(sum string, until, now time.Time) (forget func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for old, end := range s.seen {
		if end.Before(now) {
			delete(s.seen, old)
			if end.After(s.forgotten) {
				s.forgotten = end
			}
		}
	}
	if _, before := s.seen[sum]; before || !until.After(s.forgotten) {
		return nil
	}
	s.seen[sum] = until
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.seen, sum)
	}
}
