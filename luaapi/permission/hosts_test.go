package permission

import (
	"net/netip"
	"strings"
	"testing"
)

func TestParseHost(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"example.org": "example.org", "EXAMPLE.org.": "example.org", "my_service": "my_service", "Bücher.example": "xn--bcher-kva.example",
		"127.0.0.1": "127.0.0.1", "127.0.0.1.": "127.0.0.1", "0x7f.1": "127.0.0.1", "2130706433": "127.0.0.1", "0177.0.0.01": "127.0.0.1",
		"127.1": "127.0.0.1", "0X7F000001": "127.0.0.1", "１２７。0.0.1": "127.0.0.1", "::ffff:127.0.0.1": "127.0.0.1", "[::1]": "::1",
		"::FFFF:7f00:1": "127.0.0.1", "fe80::1%eth0": "fe80::1", "0": "0.0.0.0", "0x": "0.0.0.0", "1.2.3": "1.2.0.3", "4294967295": "255.255.255.255",
		"1.example": "1.example", "0x1g.example": "0x1g.example",
	} {
		if h, err := parseHost(in); err != nil || h.String() != want {
			t.Errorf("%q: got %v, %v, want %s", in, h, err, want)
		}
	}
	for _, bad := range []string{
		"", ".", "..", "example..org", "a b", "a/b", "a@b", "a\x00b", "a\nb", "1.2.3.4.5", "256.1.1.1", "4294967296", "1.2.3.0x100", "09.1.1.1",
		"example.1", "[::1", "::1]", "-x.org", strings.Repeat("a", 64) + ".org", strings.Repeat("a.", 130) + "org", "0x_1", "%31",
	} {
		if h, err := parseHost(bad); err == nil {
			t.Errorf("%q: got %v, want an error", bad, h)
		}
	}
}

func TestIsPublic(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"93.184.215.14": true, "1.1.1.1": true, "2606:4700::1111": true, "64:ff9b::1.1.1.1": true, "2002:101:101::1": true,
		"0.0.0.0": false, "0.1.2.3": false, "10.1.2.3": false, "100.64.0.1": false, "100.100.100.200": false, "127.0.0.1": false, "127.255.255.254": false,
		"169.254.169.254": false, "172.16.0.1": false, "172.31.255.255": false, "172.32.0.1": true, "192.168.1.1": false, "192.0.0.192": false,
		"198.18.0.1": false, "224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false, "168.63.129.16": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%lo": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false, "fec0::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::127.0.0.1": false, "64:ff9b::127.0.0.1": false, "64:ff9b::a9fe:a9fe": false,
		"64:ff9b:1::1.1.1.1": false, "2002:7f00:1::1": false, "2002:a00:1::": false, "2001::1": false, "2001:db8::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(s)); got != want {
			t.Errorf("%s: got %v", s, got)
		}
	}
	if isPublic(netip.Addr{}) {
		t.Error("no address at all is public")
	}
}

func TestHost(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		net     string
		yes, no []string
	}{
		{"example.org", []string{"example.org", "example.org:443", "EXAMPLE.ORG.:80"}, []string{"www.example.org", "example.org.evil.net", "notexample.org", ""}},
		{"Example.org:443", []string{"example.org:443", "example.org:0443"}, []string{"example.org", "example.org:80"}},
		{"*.example.org", []string{"a.example.org:1", "a.b.example.org"}, []string{"example.org", "aexample.org"}},
		{"*", []string{"example.org:25", "1.1.1.1:80", "[2606:4700::1111]:443"}, []string{"localhost:80", "127.0.0.1:80", "0x7f.1:80", "[::1]:80", "[::ffff:10.0.0.1]:80"}},
		{"*:443", []string{"example.org:443"}, []string{"example.org:80"}},
		{"127.0.0.1", []string{"127.0.0.1:1", "2130706433:80", "[::ffff:127.0.0.1]:80"}, []string{"127.0.0.2:1", "localhost:1"}},
		{"127.0.0.1:8080", []string{"127.0.0.1:8080", "0x7f.1:8080"}, []string{"127.0.0.1:80"}},
		{"[::1]:80", []string{"[::1]:80", "[0:0:0:0:0:0:0:1]:80"}, []string{"[::1]:81", "localhost:80", "127.0.0.1:80"}},
		{"::1", []string{"[::1]:80"}, []string{"[::2]:80"}},
		{"10.0.0.0/8", []string{"10.1.2.3:80", "[::ffff:10.1.2.3]:80"}, []string{"11.0.0.1:80", "ten.example:80"}},
		{"localhost", []string{"localhost:80", "LocalHost.:80"}, []string{"127.0.0.1:80", "a.localhost:80"}},
	} {
		p, err := Parse([]string{"net=" + tc.net})
		if err != nil {
			t.Errorf("net=%s: %v", tc.net, err)
		}
		for _, host := range tc.yes {
			if !p.Host(host) {
				t.Errorf("net=%s does not allow %s", tc.net, host)
			}
		}
		for _, host := range tc.no {
			if p.Host(host) {
				t.Errorf("net=%s allows %s", tc.net, host)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	p := Set{Net: []string{"example.org:443"}}
	if err := p.Lookup("Example.org"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"a.example.org", "", "a b"} {
		if err := p.Lookup(name); err == nil {
			t.Errorf("%q may be asked for", name)
		}
	}
	if err := (Set{All: true}).Lookup("x.org"); err != nil {
		t.Error(err)
	}
}

func TestParseNetwork(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"net=https://example.org": "without a scheme", "net=example.org/path": "without a scheme", "net=10.0.0.0/33": "10.0.0.0/8", "net=a b": "not the name",
		"net=example.org:99999": "a port from 0 to 65535", "net=example.org:http": "a port", "net=*.127.0.0.1": "10.0.0.0/8", "net=a.*.org": "not the name",
		"net=[::1": "[::1]:443", "net=1.2.3.4.5": "neither", "net=::ffff:10.0.0.0/104": "as 10.0.0.0/8", "net=user@example.org": "not the name",
		"listen=example.org:80": "127.0.0.1:8080", "listen=127.0.0.1:x": "a port", "listen=:": "a port",
	} {
		if _, err := Parse([]string{entry}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), entry) {
			t.Errorf("%s: got %v, want %q", entry, err, want)
		}
	}
}

func TestListenAt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ grant, address, want string }{
		{"127.0.0.1:8080", "127.0.0.1:8080", "127.0.0.1:8080"},
		{"127.0.0.1:8080", "localhost:8080", "127.0.0.1:8080"},
		{"localhost:0", "127.0.0.1:0", "127.0.0.1:0"},
		{"127.0.0.1", "127.0.0.1:9", "127.0.0.1:9"},
		{":8080", "0.0.0.0:8080", ":8080"},
		{":8080", "[::]:8080", ":8080"},
		{"*", "[::1]:80", "[::1]:80"},
		{"0.0.0.0:8080", "10.0.0.1:8080", "10.0.0.1:8080"},
		{"127.0.0.1:8080", "127.0.0.1:8081", ""},
		{"127.0.0.1:8080", ":8080", ""},
		{"127.0.0.1:8080", "0.0.0.0:8080", ""},
		{"127.0.0.1:8080", "127.0.0.1", ""},
		{"127.0.0.1", "example.org:80", ""},
	} {
		p, err := Parse([]string{"listen=" + tc.grant})
		if err != nil {
			t.Errorf("%s: %v", tc.grant, err)
		}
		got, err := p.ListenAt(tc.address)
		if got != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%s with listen=%s: got %q, %v", tc.address, tc.grant, got, err)
		}
	}
	if got, err := (Set{All: true}).ListenAt("*:1"); got != ":1" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// Whatever a host looks like, its one form is a form that stays as it is, and
// what is allowed by * is never an address of the operator's own network.
func FuzzHost(f *testing.F) {
	for _, s := range []string{"example.org", "0x7f.1", "[::1]:80", "10.0.0.0/8", "*.example.org:443", "１２７.1", "::ffff:10.0.0.1", "a..b"} {
		f.Add(s)
	}
	all := Set{Net: []string{"*"}}
	f.Fuzz(func(t *testing.T, s string) {
		if h, err := parseHost(s); err == nil {
			again, err := parseHost(h.String())
			if err != nil || again != h {
				t.Errorf("%q is %v and then %v, %v", s, h, again, err)
			}
			if h.addr.IsValid() && !isPublic(h.addr) && all.Host(h.at("80")) {
				t.Errorf("* allows %q, which is %v", s, h)
			}
		}
		if r, err := parseNet(s); err == nil && r.host.name == "" && !r.host.addr.IsValid() && !r.cidr.IsValid() && !strings.HasPrefix(s, "*") {
			t.Errorf("net=%q allows every host", s)
		}
		if a, err := parseListen(s); err == nil && a.port != "" {
			if again, err := parseListen(a.String()); err != nil || again != a {
				t.Errorf("listen=%q is %v and then %v, %v", s, a, again, err)
			}
		}
	})
}
