package permission

import (
	"errors"
	"net/netip"
	"strings"
)

// netRule is an entry of net=: a name, an address, a range of addresses, or
// all hosts below a name, each at one port or at all.
type netRule struct {
	host host
	// below tells that the rule is for all hosts below host.name; for all public
	// ones where that is "".
	below bool
	cidr  netip.Prefix // valid where the rule is a range
	port  string       // "" is any
}

// parseNet reads an entry of net=.
func parseNet(s string) (netRule, error) {
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return netRule{}, errors.New("want a range of addresses as 10.0.0.0/8, or a host without a scheme and a path, as example.org:443")
		}
		if p.Addr().Is4In6() {
			return netRule{}, errors.New("write a range of IPv4 addresses as 10.0.0.0/8")
		}
		return netRule{cidr: p.Masked()}, nil
	}
	name, port, err := splitPort(s)
	if err != nil {
		return netRule{}, err
	}
	r := netRule{port: port}
	if name == "*" {
		r.below = true
		return r, nil
	}
	name, r.below = strings.CutPrefix(name, "*.")
	if r.host, err = parseHost(name); err != nil {
		return netRule{}, err
	}
	if r.below && r.host.addr.IsValid() {
		return netRule{}, errors.New("a range of addresses is written as 10.0.0.0/8")
	}
	return r, nil
}

// names tells whether the rule is for a host as it was named, at a port.
func (r netRule) names(h host, port string) bool {
	switch {
	case r.port != "" && r.port != port:
		return false
	case h.addr.IsValid():
		return r.holds(h.addr, port) || r.below && r.host.name == "" && isPublic(h.addr)
	case r.below:
		return r.host.name == "" && h.name != localhost || strings.HasSuffix(h.name, "."+r.host.name)
	}
	return r.host.name != "" && r.host.name == h.name
}

// holds tells whether the rule is for an address and says so by an address.
func (r netRule) holds(a netip.Addr, port string) bool {
	a = a.Unmap().WithZone("")
	if r.port != "" && r.port != port {
		return false
	}
	return r.cidr.IsValid() && r.cidr.Contains(a) || r.host.addr.IsValid() && r.host.addr == a
}

// localhost is the one name whose permission holds for the machine itself.
const localhost = "localhost"

// netRules are the entries of Net; those that Parse would refuse allow nothing.
func (p Set) netRules() []netRule {
	var rules []netRule
	for _, s := range p.Net {
		if r, err := parseNet(s); err == nil {
			rules = append(rules, r)
		}
	}
	return rules
}

// named tells whether a host may be reached as far as its name tells.
func (p Set) named(h host, port string) bool {
	if p.All {
		return true
	}
	for _, r := range p.netRules() {
		if r.names(h, port) {
			return true
		}
	}
	return false
}

// leadsTo tells whether h, which is allowed by its name, may be reached at an
// address.
func (p Set) leadsTo(h host, a netip.Addr, port string) bool {
	if p.All || isPublic(a) || h.name == localhost && a.Unmap().IsLoopback() {
		return true
	}
	for _, r := range p.netRules() {
		if r.holds(a, port) {
			return true
		}
	}
	return false
}

// Host tells whether a host ("example.org:443", "[::1]:80", "example.org") may
// be reached as far as its name tells: allowed as it is, or without its port.
// What the name leads to is only known when it is dialled: see Dialer.
func (p Set) Host(address string) bool {
	name, port, err := splitPort(address)
	if err != nil {
		return false
	}
	h, err := parseHost(name)
	return err == nil && p.named(h, port)
}

// Lookup refuses with an *Error a name that a script may not ask the name
// servers for: one that no entry of net= names, at whatever port.
func (p Set) Lookup(name string) error {
	h, err := parseHost(name)
	if err != nil {
		return deny("", "%q is %v", name, err)
	}
	if p.All {
		return nil
	}
	for _, r := range p.netRules() {
		r.port = ""
		if r.names(h, "") {
			return nil
		}
	}
	return deny("allow it with --allow net="+h.String(), "the script may not ask for %s", h)
}
