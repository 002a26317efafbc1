package permission

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"
)

// Dialer connects to where a script may go. The name is checked before anybody
// is asked for it, and each address that it leads to when it is dialled, so
// that no answer of a name server and no redirect leads into the operator's own
// network.
type Dialer struct {
	Set Set
	// Resolver asks for addresses; nil is the system's.
	Resolver *net.Resolver
}

const (
	// dialPatience bounds the asking for a name and the connecting, also where
	// whoever wanted it has gone.
	dialPatience = time.Minute
	// resolvePatience bounds the asking for what somebody else connects to.
	resolvePatience = 10 * time.Second
	// keepAlive is how often an idle connection is asked for.
	keepAlive = 30 * time.Second
)

// DialContext connects to a host:port over tcp, tcp4 or tcp6. The error is an
// *Error, maybe wrapped, where the script may not go there. Safe for use by
// several goroutines.
func (d Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	h, port, err := d.Set.target(network, address)
	if err != nil {
		return nil, err
	}
	nd := net.Dialer{Timeout: dialPatience, KeepAlive: keepAlive, Resolver: d.Resolver}
	nd.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("read the address %q: %w", address, err)
		}
		return d.Set.checkAddr(h, ap.Addr(), port)
	}
	conn, err := nd.DialContext(ctx, network, h.at(port))
	if refused := (*Error)(nil); errors.As(err, &refused) {
		return nil, refused
	}
	return conn, err
}

// checkAddr refuses an address that h, which is allowed by its name, leads to.
func (p Set) checkAddr(h host, addr netip.Addr, port string) error {
	if p.leadsTo(h, addr, port) {
		return nil
	}
	a := host{addr: addr.Unmap().WithZone("")}
	return deny("allow the address with --allow net="+a.at(port),
		"%s leads to %s, which is not on the public internet", h.at(port), a)
}

// target takes an address apart and refuses one that may not be named.
func (p Set) target(network, address string) (h host, port string, err error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return h, "", deny("", "scripts connect over tcp, not %s", network)
	}
	name, port, err := splitPort(address)
	if err != nil {
		return h, "", fmt.Errorf("the address %q: %w", address, err)
	}
	if h, err = parseHost(name); err != nil {
		return h, "", fmt.Errorf("%q is %w", name, err)
	}
	if port == "" {
		return h, "", fmt.Errorf("the address %q has no port", address)
	}
	if !p.named(h, port) {
		return h, "", deny("allow it with --allow net="+h.at(port), "the script may not connect to %s", h.at(port))
	}
	return h, port, nil
}

// DialContext connects as a Dialer with the system's resolver does.
func (p Set) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return Dialer{Set: p}.DialContext(ctx, network, address)
}

// Resolve asks what hosts lead to that somebody else is about to connect to, and
// refuses with an *Error one that leads where a script may not go. The hosts
// are allowed by their names. Whoever asks again may get another answer, so this
// is less than dialling. It blocks for ten seconds at most.
func (d Dialer) Resolve(ctx context.Context, hosts []string) error {
	if d.Set.All {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, resolvePatience)
	defer cancel()
	resolver := d.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	for _, s := range hosts {
		name, port, err := splitPort(s)
		if err != nil {
			return fmt.Errorf("the address %q: %w", s, err)
		}
		h, err := parseHost(name)
		if err != nil {
			return fmt.Errorf("%q is %w", name, err)
		}
		if h.addr.IsValid() || strings.HasSuffix(h.name, ".onion") {
			continue // decided by itself, or nothing that name servers know
		}
		addrs, err := resolver.LookupNetIP(ctx, "ip", h.name)
		if err != nil {
			return fmt.Errorf("find %s: %w", h, err)
		}
		for _, addr := range addrs {
			if err := d.Set.checkAddr(h, addr, port); err != nil {
				return err
			}
		}
	}
	return nil
}

// ListenAt brings an address to listen on into its one form, as "127.0.0.1:8080"
// or ":8080" for all addresses of the machine, and refuses with an *Error one
// that the script may not listen on.
func (p Set) ListenAt(address string) (string, error) {
	want, err := parseListen(address)
	if err != nil {
		return "", fmt.Errorf("the address %q: %w", address, err)
	}
	if want.port == "" {
		return "", fmt.Errorf("the address %q has no port; 0 takes any that is free", address)
	}
	if p.All {
		return want.String(), nil
	}
	for _, s := range p.Listen {
		granted, err := parseListen(s)
		if err == nil && (granted.port == "" || granted.port == want.port) && (granted.ip == want.ip || !granted.ip.IsValid()) {
			return want.String(), nil
		}
	}
	return "", deny("allow it with --allow listen="+want.String(), "the script may not listen on %s", want)
}

// listenAddr is an address to listen on; an invalid ip is all of the machine.
type listenAddr struct {
	ip   netip.Addr
	port string
}

func (a listenAddr) String() string {
	if !a.ip.IsValid() {
		return ":" + a.port
	}
	return net.JoinHostPort(a.ip.String(), a.port)
}

// parseListen reads an entry of listen=: IP:PORT, :PORT for all addresses, or
// IP for all ports; localhost is 127.0.0.1.
func parseListen(s string) (listenAddr, error) {
	name, port, err := splitPort(s)
	if err != nil {
		return listenAddr{}, err
	}
	if name == "" && port != "" || name == "*" {
		return listenAddr{port: port}, nil
	}
	h, err := parseHost(name)
	switch {
	case err != nil:
		return listenAddr{}, err
	case h.name == localhost:
		h.addr = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	case h.name != "":
		return listenAddr{}, errors.New("want an address of this machine, as 127.0.0.1:8080, or :8080 for all of them")
	}
	if h.addr.IsUnspecified() && !strings.Contains(name, "%") {
		return listenAddr{port: port}, nil
	}
	return listenAddr{h.addr, port}, nil
}
