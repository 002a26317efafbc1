package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi/module"
	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

const (
	maxHeader       = 64 << 10
	maxPerHost      = 64 // connections to one host; further requests wait for one
	idleConnections = 32
	idlePatience    = time.Minute
	tlsPatience     = 15 * time.Second
)

// Transport makes a transport that connects through d and verifies every
// certificate; roots are whom it trusts, nil for those of the system. It takes no
// proxy from the environment, for behind one nobody sees where a name leads.
// Whoever made it closes its idle connections at the end.
func Transport(d permission.Dialer, roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		DialContext:            d.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    tlsPatience,
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        maxPerHost,
		MaxIdleConns:           idleConnections,
		IdleConnTimeout:        idlePatience,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// ErrRedirects ends a request that was sent on too often.
var ErrRedirects = errors.New("redirected too often")

// kept are the headers of a script that go along when it is sent to another
// host; all others could hold a secret.
var kept = []string{"Accept", "Accept-Language", "Content-Encoding", "Content-Language", "Content-Type", "User-Agent"}

// Redirects is the CheckRedirect of a client that follows at most so many, 0
// for none. Where a request is sent to is checked when it is dialled.
func Redirects(most int) func(req *http.Request, via []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		switch {
		case most == 0:
			return http.ErrUseLastResponse
		case len(via) > most:
			return ErrRedirects
		case req.URL.Scheme != "http" && req.URL.Scheme != "https":
			return fmt.Errorf("it redirects to the scheme %q", req.URL.Scheme)
		}
		req.Header.Del("Referer") // it would tell the whole address of the page before
		first := via[0].URL
		if req.URL.Host != first.Host || first.Scheme == "https" && req.URL.Scheme == "http" {
			for name := range req.Header {
				if !slices.Contains(kept, name) {
					req.Header.Del(name)
				}
			}
		}
		return nil
	}
}

// Explain turns what ended a request into an error for scripts: of the type
// permission, timeout, limit or io. It names the host only, for the rest of an
// address may be secret.
func Explain(what string, u *url.URL, timeout time.Duration, err error) error {
	if outer := (*url.Error)(nil); errors.As(err, &outer) {
		err = outer.Err
	}
	var typed *module.Error
	var denied *permission.Error
	switch {
	case errors.As(err, &typed):
		return typed
	case errors.As(err, &denied):
		return fmt.Errorf("%s: %w", what, denied)
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return module.Errorf(module.ErrTimeout, "%s: %s took longer than %v", what, u.Host, timeout)
	case errors.Is(err, ErrRedirects):
		return module.Errorf(module.ErrLimit, "%s: %s redirected too often", what, u.Host)
	}
	return module.Errorf(module.ErrIO, "%s: %s: %s", what, u.Host, strings.TrimPrefix(err.Error(), "net/http: "))
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
