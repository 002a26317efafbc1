package permission

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// fakeDNS is a resolver that knows some names, all others do not exist. Each
// question is answered with the next of the name's addresses.
func fakeDNS(t *testing.T, names map[string][]string) *net.Resolver {
	t.Helper()
	asked := make(chan map[string]int, 1)
	asked <- map[string]int{}
	answer := func(m *dnsmessage.Message) {
		m.Response, m.RCode = true, dnsmessage.RCodeNameError
		m.Additionals = nil
		q := m.Questions[0]
		addrs := names[strings.TrimSuffix(q.Name.String(), ".")]
		if len(addrs) == 0 {
			return
		}
		m.RCode = dnsmessage.RCodeSuccess
		var known []netip.Addr
		for _, a := range addrs {
			if addr := netip.MustParseAddr(a); addr.Is4() == (q.Type == dnsmessage.TypeA) {
				known = append(known, addr)
			}
		}
		if len(known) == 0 {
			return
		}
		count, key := <-asked, q.Name.String()+q.Type.String()
		addr := known[count[key]%len(known)]
		count[key]++
		asked <- count
		var body dnsmessage.ResourceBody = &dnsmessage.AAAAResource{AAAA: addr.As16()}
		if addr.Is4() {
			body = &dnsmessage.AResource{A: addr.As4()}
		}
		m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 1}, Body: body}}
	}
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() { // ends when the resolver closes its side
			defer ours.Close()
			for {
				var size [2]byte
				if _, err := io.ReadFull(ours, size[:]); err != nil {
					return
				}
				question := make([]byte, binary.BigEndian.Uint16(size[:]))
				if _, err := io.ReadFull(ours, question); err != nil {
					return
				}
				var m dnsmessage.Message
				if err := m.Unpack(question); err != nil {
					return
				}
				answer(&m)
				packed, err := m.AppendPack(make([]byte, 2))
				if err != nil {
					return
				}
				binary.BigEndian.PutUint16(packed, uint16(len(packed)-2))
				if _, err := ours.Write(packed); err != nil {
					return
				}
			}
		}()
		return theirs, nil
	}}
}

func listen(t *testing.T) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() { // ends with the listener
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

func TestDial(t *testing.T) {
	t.Parallel()
	port := listen(t)
	dns := fakeDNS(t, map[string][]string{
		"inside.example.org": {"127.0.0.1"}, "metadata.example.org": {"169.254.169.254"},
		"six.example.org": {"::1"}, "mapped.example.org": {"::ffff:127.0.0.1"}, "nat64.example.org": {"64:ff9b::7f00:1"},
		"6to4.example.org": {"2002:7f00:1::1"}, "ula.example.org": {"fd00:ec2::254"}, "both.example.org": {"fe80::1", "10.0.0.1"},
	})
	for _, tc := range []struct {
		name, address string
		grants        []string
		denied        string // part of the error; "" where it connects
	}{
		{"literal", "127.0.0.1:" + port, []string{"net=127.0.0.1"}, ""},
		{"literal with port", "127.0.0.1:" + port, []string{"net=127.0.0.1:" + port}, ""},
		{"range", "127.0.0.1:" + port, []string{"net=127.0.0.0/8"}, ""},
		{"odd spelling", "0x7f.1:" + port, []string{"net=127.0.0.1"}, ""},
		{"localhost", "localhost:" + port, []string{"net=localhost"}, ""},
		{"nothing allowed", "127.0.0.1:" + port, nil, "--allow net=127.0.0.1:" + port},
		{"all public", "127.0.0.1:" + port, []string{"net=*"}, "--allow net=127.0.0.1:" + port},
		{"all public, mapped", "[::ffff:127.0.0.1]:" + port, []string{"net=*"}, "--allow net=127.0.0.1:" + port},
		{"all public, unspecified", "0.0.0.0:" + port, []string{"net=*"}, "--allow net=0.0.0.0:" + port},
		{"name that leads inside", "inside.example.org:" + port, []string{"net=inside.example.org"}, "leads to 127.0.0.1, which is not on the public internet\nallow the address with --allow net=127.0.0.1:" + port},
		{"below a name", "inside.example.org:" + port, []string{"net=*.example.org", "net=localhost"}, "leads to 127.0.0.1"},
		{"name and address", "inside.example.org:" + port, []string{"net=inside.example.org", "net=127.0.0.1:" + port}, ""},
		{"name and another port", "inside.example.org:" + port, []string{"net=inside.example.org", "net=127.0.0.1:1"}, "leads to 127.0.0.1"},
		{"address, not the name", "inside.example.org:" + port, []string{"net=127.0.0.1"}, "--allow net=inside.example.org:" + port},
		{"metadata", "metadata.example.org:80", []string{"net=*"}, "leads to 169.254.169.254"},
		{"six", "six.example.org:" + port, []string{"net=*"}, "leads to ::1"},
		{"mapped", "mapped.example.org:" + port, []string{"net=*"}, "leads to 127.0.0.1"},
		{"nat64", "nat64.example.org:80", []string{"net=*"}, "leads to 64:ff9b::7f00:1"},
		{"6to4", "6to4.example.org:80", []string{"net=*"}, "leads to 2002:7f00:1::1"},
		{"unique local", "ula.example.org:80", []string{"net=*.example.org"}, "leads to fd00:ec2::254"},
		{"both kinds", "both.example.org:80", []string{"net=both.example.org"}, "which is not on the public internet"},
		{"nat64 literal", "[64:ff9b::7f00:1]:80", []string{"net=*"}, "--allow net=[64:ff9b::7f00:1]:80"},
		{"6to4 literal", "[2002:7f00:1::1]:80", []string{"net=*"}, "--allow net=[2002:7f00:1::1]:80"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := Parse(tc.grants)
			if err != nil {
				t.Fatal(err)
			}
			conn, err := Dialer{Set: p, Resolver: dns}.DialContext(t.Context(), "tcp", tc.address)
			if err == nil {
				conn.Close()
			}
			var refused *Error
			if (err == nil) != (tc.denied == "") || err != nil && (!errors.As(err, &refused) || !strings.Contains(err.Error(), tc.denied)) {
				t.Errorf("got %v, want %q", err, tc.denied)
			}
		})
	}
}

// What answers one address when it is checked and another one when it is dialled
// wins nothing, for only the address that is dialled counts.
func TestDialRebinding(t *testing.T) {
	t.Parallel()
	port := listen(t)
	d := Dialer{Set: Set{Net: []string{"*"}}, Resolver: fakeDNS(t, map[string][]string{"rebind.example.org": {"192.168.0.1", "127.0.0.1"}})}
	for range 4 {
		conn, err := d.DialContext(t.Context(), "tcp", "rebind.example.org:"+port)
		if err == nil {
			conn.Close()
		}
		if refused := (*Error)(nil); !errors.As(err, &refused) {
			t.Errorf("got %v", err)
		}
	}
}

// TestResolve: what the core connects to is asked for before it is told.
func TestResolve(t *testing.T) {
	t.Parallel()
	dns := fakeDNS(t, map[string][]string{
		"inside.example.org": {"127.0.0.1"}, "metadata.example.org": {"169.254.169.254"}, "six.example.org": {"fd00::1"},
		"good.example.org": {"1.1.1.1", "2606:4700::1111"}, "half.example.org": {"1.1.1.1", "::1"},
	})
	for _, tc := range []struct {
		cmd    string
		grants []string
		want   string
	}{
		{"/_server test 1 smp://k@good.example.org", []string{"net=*"}, ""},
		{"/_server test 1 smp://k@inside.example.org:5223", []string{"net=*"}, "leads to 127.0.0.1, which is not on the public internet\nallow the address with --allow net=127.0.0.1:5223"},
		{"/_server test 1 smp://k@metadata.example.org", []string{"net=*.example.org"}, "leads to 169.254.169.254"},
		{"/_server test 1 smp://k@good.example.org,six.example.org", []string{"net=*"}, "leads to fd00::1"},
		{"/_server test 1 smp://k@half.example.org", []string{"net=*"}, "leads to ::1"},
		{"/_server test 1 smp://k@none.example.org", []string{"net=*"}, "find none.example.org"},
		{"/_server test 1 smp://k@abc.onion", []string{"net=*"}, ""},
		{"/_server test 1 smp://k@127.0.0.1", []string{"net=127.0.0.1"}, ""},
		{"/_server test 1 smp://k@inside.example.org", []string{"net=inside.example.org", "net=127.0.0.0/8"}, ""},
		{`/_servers 1 [{"smpServers":[{"server":"smp://k@good.example.org"},{"server":"smp://k@inside.example.org"}]}]`, []string{"net=*"}, "leads to 127.0.0.1"},
		{"/_send @4 text smp://k@inside.example.org", nil, ""},
	} {
		p, err := Parse(tc.grants)
		if err != nil {
			t.Fatal(err)
		}
		checked, err := p.Command(tc.cmd, Files{})
		if err != nil {
			t.Errorf("%s: %v", tc.cmd, err)
			continue
		}
		err = Dialer{Set: p, Resolver: dns}.Resolve(t.Context(), checked.Hosts)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", tc.cmd, err, tc.want)
		}
		if refused := (*Error)(nil); strings.Contains(tc.want, "leads") && !errors.As(err, &refused) {
			t.Errorf("%s: got an error of type %T", tc.cmd, err)
		}
	}
	if err := (Dialer{Set: Set{All: true}, Resolver: dns}).Resolve(t.Context(), []string{"inside.example.org"}); err != nil {
		t.Errorf("with all allowed: %v", err)
	}
}

func TestDialBadAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", ":80", "example.org", "a b:80", "example.org:http", "example.org:70000", "a\r\nb:80", "user@example.org:80"} {
		if conn, err := (Set{All: true}).DialContext(t.Context(), "tcp", address); err == nil {
			conn.Close()
			t.Errorf("%q: connected", address)
		}
	}
	if _, err := (Set{All: true}).DialContext(t.Context(), "unix", "/tmp/x"); err == nil {
		t.Error("dials a unix socket")
	}
}
