package httpmod

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxClients is how many clients are told apart; above it the idle ones are
// forgotten, and if all are busy, new ones are refused.
const maxClients = 4096

// rates bound the requests of each client. An IPv6 client is its /64, which is
// what one household gets.
type rates struct {
	limit rate.Limit
	burst int

	mu      sync.Mutex // guards what follows
	clients map[netip.Prefix]*rate.Limiter
	looked  time.Time // when idle clients were last looked for
}

// newRates bounds to so many requests a second; 0 is no bound.
func newRates(perSecond float64, burst int) *rates {
	r := &rates{limit: rate.Limit(perSecond), burst: burst, clients: map[netip.Prefix]*rate.Limiter{}}
	if perSecond == 0 {
		r.limit = rate.Inf
	}
	return r
}

// allow counts a request and tells whether it may be answered.
func (r *rates) allow(client netip.Addr, now time.Time) bool {
	if r.limit == rate.Inf {
		return true
	}
	bits := 32
	if client.Is6() {
		bits = 64
	}
	key, _ := client.Prefix(bits) // only an address that is none has no prefix
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.clients[key]
	if l == nil {
		if len(r.clients) >= maxClients && !r.forgetIdle(now) {
			return false
		}
		l = rate.NewLimiter(r.limit, r.burst)
		r.clients[key] = l
	}
	return l.AllowN(now, 1)
}

// forgetIdle forgets the clients that have all of their burst again. It looks
// for them once a second at most, for strangers bring it about.
func (r *rates) forgetIdle(now time.Time) (room bool) {
	if since := now.Sub(r.looked); since >= 0 && since < time.Second {
		return false
	}
	r.looked = now
	for key, l := range r.clients {
		if l.TokensAt(now) >= float64(r.burst) {
			delete(r.clients, key)
		}
	}
	return len(r.clients) < maxClients
}
