package netmod

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/simplex-lua/simplex-lua/luaapi/permission"
)

// srvResolver knows one service.
func srvResolver(service string, records ...dnsmessage.SRVResource) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() { // ends with the question
			defer ours.Close()
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
			m.Response, m.RCode, m.Additionals = true, dnsmessage.RCodeNameError, nil
			if q := m.Questions[0]; q.Name.String() == service {
				m.RCode = dnsmessage.RCodeSuccess
				for _, r := range records {
					m.Answers = append(m.Answers, dnsmessage.Resource{
						Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 1}, Body: &r,
					})
				}
			}
			packed, err := m.AppendPack(make([]byte, 2))
			if err != nil {
				return
			}
			binary.BigEndian.PutUint16(packed, uint16(len(packed)-2))
			_, _ = ours.Write(packed)
		}()
		return theirs, nil
	}}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	d := permission.Dialer{Set: permission.Set{Net: []string{"example.org", "*.example.net"}}, Resolver: srvResolver("_lime._tcp.example.org.",
		dnsmessage.SRVResource{Priority: 20, Port: 55322, Target: dnsmessage.MustNewName("b.example.org.")},
		dnsmessage.SRVResource{Priority: 10, Port: 55321, Target: dnsmessage.MustNewName("a.example.org.")},
	)}
	found, err := lookup(t.Context(), d, "lime", "tcp", "example.org")
	if err != nil || len(found) != 2 || found[0].Target != "a.example.org." || found[0].Port != 55321 || found[1].Priority != 20 {
		t.Errorf("got %v, %v", found, err)
	}
	if found, err := lookup(t.Context(), d, "xmpp", "tcp", "a.example.net"); err != nil || len(found) != 0 {
		t.Errorf("a service that is not there: got %v, %v", found, err)
	}
	var denied *permission.Error
	if _, err := lookup(t.Context(), d, "lime", "tcp", "example.com"); !errors.As(err, &denied) {
		t.Errorf("a name that is not allowed: got %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 1)
	defer cancel()
	if _, err := lookup(ctx, d, "lime", "tcp", "example.org"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("too late: got %v", err)
	}
}
