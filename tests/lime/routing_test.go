package lime

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// limePort is where the name server of the tests says that example.com's
// server is.
var limePort atomic.Uint32

func TestMain(m *testing.M) {
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go answerDNS(ours) // ends with the question
		return theirs, nil
	}}
	os.Exit(m.Run())
}

// answerDNS answers one question: example.com has a LIME server, whose address
// is 127.0.0.1.
func answerDNS(conn net.Conn) {
	defer conn.Close()
	var size [2]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return
	}
	question := make([]byte, binary.BigEndian.Uint16(size[:]))
	var m dnsmessage.Message
	if _, err := io.ReadFull(conn, question); err != nil || m.Unpack(question) != nil {
		return
	}
	m.Response, m.RCode, m.Additionals = true, dnsmessage.RCodeSuccess, nil
	header := dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Class: dnsmessage.ClassINET, TTL: 1}
	switch q := m.Questions[0]; {
	case q.Type == dnsmessage.TypeSRV && q.Name.String() == "_lime._tcp.example.com.":
		m.Answers = []dnsmessage.Resource{
			{Header: header, Body: &dnsmessage.SRVResource{Priority: 20, Port: uint16(limePort.Load()), Target: dnsmessage.MustNewName("b.example.com.")}},
			{Header: header, Body: &dnsmessage.SRVResource{Priority: 10, Port: 1, Target: dnsmessage.MustNewName("a.example.com.")}},
		}
	case q.Type == dnsmessage.TypeA && strings.HasSuffix(q.Name.String(), ".example.com."):
		m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
	case q.Type == dnsmessage.TypeSRV:
		m.RCode = dnsmessage.RCodeNameError
	}
	if packed, err := m.AppendPack(make([]byte, 2)); err == nil {
		binary.BigEndian.PutUint16(packed, uint16(len(packed)-2))
		_, _ = conn.Write(packed)
	}
}

// Name servers are asked for the server; from and to route; a script has a transport of its own.
func TestRouting(t *testing.T) {
	t.Parallel()
	config, ca := certificate(t)
	h := newHub()
	_, text, _ := net.SplitHostPort(listenTCP(t, config, h.serve))
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	limePort.Store(uint32(port))
	out := run(t, map[string]string{"WS": listenWS(t, h.serve), "CA": ca}, `
main(function()
  local servers = lime.lookup("example.com")
  print(#servers, servers[1].target, servers[2].target, lime.lookup("example.net")[1].target)
  -- The first server of the domain does not answer; the second has the domain's certificate.
  local anna = lime.client { identity = "anna@example.com/home", tls = { ca = os.getenv "CA" }, timeout = 10 }
  -- Another transport: a WebSocket of the script's own, which counts.
  local frames = 0
  local ben = lime.client { identity = "ben@example.com/work", timeout = 10, transport = function()
    local socket = require("websocket").connect(os.getenv "WS", { protocols = { "lime" } })
    return {
      send = function(_, frame) frames = frames + 1 socket:send(frame) end,
      receive = function(_, timeout) return (socket:receive(timeout)) end,
      close = function() socket:close() end,
    }
  end }
  anna:connect()
  ben:connect()
  ben:on("message", function(m)
    ben:send_message { to = m.from, content = ("%s to %s of %s"):format(m.from, m.to, m.pp) }
  end)
  bot.spawn(function() anna:send_message { to = "ben", content = "hi", pp = "carol@example.com" } end)
  local answer = anna:wait("message", 10)
  print(answer.from, answer.content)
  anna:close()
  ben:close()
  print(frames > 3)
end)`)
	check(t, out, "2\ta.example.com\tb.example.com\texample.net",
		"ben@example.com/work\tanna@example.com/home to ben of carol@example.com", "true")
}
