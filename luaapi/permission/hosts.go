package permission

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// hostProfile maps names as browsers do: case and width folded, IDNA encoded.
var hostProfile = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(false))

// host is a host in its one form: an address, or a name in lower case and
// ASCII, without a dot at its end.
type host struct {
	name string
	addr netip.Addr // invalid where the host is a name
}

func (h host) String() string {
	if h.addr.IsValid() {
		return h.addr.String()
	}
	return h.name
}

// at is the host with a port, "" for none.
func (h host) at(port string) string {
	if port == "" {
		return h.String()
	}
	return net.JoinHostPort(h.String(), port)
}

// parseHost brings a host into its one form. Numbers that systems take for
// addresses (0x7f.1, 2130706433, 127.1) are addresses, and so are IPv4 addresses
// in IPv6 form.
func parseHost(s string) (host, error) {
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		s = s[1 : len(s)-1]
	}
	if addr, err := netip.ParseAddr(s); err == nil {
		return host{addr: addr.Unmap().WithZone("")}, nil
	}
	name, err := hostProfile.ToASCII(s)
	if err != nil {
		return host{}, errors.New("not the name of a host")
	}
	if again, err := hostProfile.ToASCII(name); err != nil || again != name {
		return host{}, errors.New("not the name of a host") // it was no text at all
	}
	name = strings.TrimSuffix(name, ".")
	if len(name) > 253 {
		return host{}, errors.New("a host's name has at most 253 bytes")
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if !isLabel(label) {
			return host{}, errors.New("not the name of a host")
		}
	}
	if !isNumber(labels[len(labels)-1]) {
		return host{name: name}, nil
	}
	addr, ok := parseNumbers(labels)
	if !ok {
		return host{}, errors.New("neither the name of a host nor an address")
	}
	return host{addr: addr}, nil
}

func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

// isNumber tells whether a host whose last label this is must be an IPv4
// address: no name of the public tree ends in a number.
func isNumber(label string) bool {
	_, err := strconv.ParseUint(label, 0, 64)
	digits := strings.Trim(label, "0123456789") == ""
	return digits || strings.HasPrefix(label, "0x") && (err == nil || label == "0x" || errors.Is(err, strconv.ErrRange))
}

// parseNumbers reads an IPv4 address as inet_aton does: one to four numbers,
// decimal, octal (0…) or hexadecimal (0x…), of which the last fills the rest.
func parseNumbers(labels []string) (netip.Addr, bool) {
	if len(labels) > 4 {
		return netip.Addr{}, false
	}
	var sum uint64
	for i, label := range labels {
		base := 10
		switch {
		case strings.HasPrefix(label, "0x"):
			label, base = label[2:], 16
		case len(label) > 1 && label[0] == '0':
			label, base = label[1:], 8
		}
		n, err := strconv.ParseUint("0"+label, base, 33)
		last := i == len(labels)-1
		if err != nil || !last && n > 255 || last && n >= 1<<(8*(5-len(labels))) {
			return netip.Addr{}, false
		}
		if last {
			sum += n
		} else {
			sum += n << (8 * (3 - i))
		}
	}
	return netip.AddrFrom4([4]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}), true
}

// splitPort takes the port, "" for none, from the end of host:port. IPv6
// addresses may stand without brackets where there is no port.
func splitPort(s string) (hostname, port string, err error) {
	bracketed := strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]")
	if bracketed || strings.Count(s, ":") != 1 && !strings.HasPrefix(s, "[") {
		return s, "", nil
	}
	if hostname, port, err = net.SplitHostPort(s); err != nil {
		return "", "", errors.New("want HOST or HOST:PORT, with IPv6 addresses as [::1]:443")
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return "", "", fmt.Errorf("want a port from 0 to 65535, got %q", port)
	}
	return hostname, strconv.FormatUint(n, 10), nil
}

// Special address ranges that a name never leads to unless the address is
// allowed too: all that is not the public internet, and where clouds keep the
// secrets of a machine.
var specialRanges = func() []netip.Prefix {
	var list []netip.Prefix
	for _, s := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
		"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
		"224.0.0.0/3",
		"168.63.129.16/32", // Azure's own services
		"2001::/23",        // Teredo and other protocols
		"2001:db8::/32", "3fff::/20",
	} {
		list = append(list, netip.MustParsePrefix(s))
	}
	return list
}()

var (
	publicV6  = netip.MustParsePrefix("2000::/3")
	nat64     = netip.MustParsePrefix("64:ff9b::/96")
	sixToFour = netip.MustParsePrefix("2002::/16")
)

// isPublic tells whether an address belongs to the public internet: to no
// network of the operator's own, nor to the machine. What holds an IPv4 address
// is as that one is.
func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	b := a.As16()
	switch {
	case !a.IsValid():
		return false
	case nat64.Contains(a):
		return isPublic(netip.AddrFrom4([4]byte(b[12:16])))
	case sixToFour.Contains(a):
		return isPublic(netip.AddrFrom4([4]byte(b[2:6])))
	case a.Is6() && !publicV6.Contains(a):
		return false
	}
	for _, r := range specialRanges {
		if r.Contains(a) {
			return false
		}
	}
	return true
}
