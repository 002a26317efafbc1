package lime

import (
	"fmt"
	"strings"
	"testing"
)

// stage returns a server that brings a session from new to established, and
// then does something else, until the client finishes.
func stage(then func(*peer), each func(*peer, envelope)) func(*peer) {
	h := newHub()
	return func(p *peer) {
		if h.establish(p) != "" {
			then(p)
			p.each(func(e envelope) { each(p, e) })
		}
	}
}

func ignore(*peer, envelope) {}

// A server that says what it must not ends the connection or the command, with
// a typed error; the bot goes on.
func TestHostileFrames(t *testing.T) {
	t.Parallel()
	text := func(content string) string {
		return fmt.Sprintf(`{"from":"eve@example.com","type":"text/plain","content":%q}`, content)
	}
	for name, tc := range map[string]struct{ frame, want string }{
		"junk":           {`hello`, "data: lime: the frame is no JSON: at byte 0: want a value"},
		"a list":         {`[1,2]`, "data: lime: the frame is no JSON object"},
		"half UTF-8":     {"{\"content\":\"\xc3\"}", "closed: lime: the server has closed the connection (1007 a text that is not UTF-8)"},
		"deep":           {strings.Repeat(`{"a":`, 300), "data: lime: the frame is no JSON: "},
		"huge":           {text(strings.Repeat("x", 2<<20)), "limit: lime: a message of more than 1048576 bytes"},
		"another id":     {`{"id":"x","state":"established"}`, "lime: lime: the server changed the id of the session"},
		"back":           {`{"id":"d35ad2be","state":"authenticating"}`, "lime: lime: the server went from the state established to authenticating"},
		"finished":       {`{"id":"d35ad2be","state":"finished"}`, "lime: lime: the server has finished the session"},
		"failed":         {`{"id":"d35ad2be","state":"failed","reason":{"code":11,"description":"bye"}}`, "lime: lime: the server refused: bye (reason 11)"},
		"no envelope":    {`{"a":1}`, "skipped 1"},
		"two in one":     {`{"content":"x","type":"text/plain","event":"failed","id":"1"}`, "skipped 1"},
		"no MIME type":   {`{"content":"x"}`, "skipped 1"},
		"unknown event":  {`{"event":"eaten","id":"1"}`, "skipped 1"},
		"not asked":      {`{"id":"1","method":"get","status":"success"}`, "skipped 1"},
		"wrong status":   {`{"id":"1","method":"get","status":"maybe"}`, "skipped 1"},
		"unknown method": {`{"id":"1","method":"steal","uri":"/x"}`, "skipped 0"},
		"bad uri":        {`{"id":"1","method":"get","uri":"/%zz?%zz=1"}`, "skipped 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uri := listenWS(t, stage(func(p *peer) {
				p.raw(tc.frame)
				p.put(envelope{"type": "text/plain", "content": "after"})
			}, ignore))
			out := run(t, map[string]string{"WS": uri}, `
main(function()
  local c = client(os.getenv "WS")
  local done = require("promise").new()
  c:on("disconnect", function(e) done:resolve(e.type .. ": " .. e.message) end)
  c:on("message", { content = "after" }, function() done:resolve("skipped " .. c.skipped) end)
  c:connect()
  print(select(2, done:wait(120)))
  c:close()
end)`)
			if !strings.HasPrefix(out, tc.want) {
				t.Errorf("got %q, want %q", out, tc.want)
			}
		})
	}
}

// Over TCP, where there are no frames but those that JSON makes.
func TestHostileStreams(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ bytes, want string }{
		"split": {"", "skipped 0"},
		"junk":  {"hello", "data: lime: what came is no JSON object"},
		"nul":   {"\x00", "data: lime: what came is no JSON object"},
		"deep":  {strings.Repeat(`{"a":`, 300), "data: lime: a frame is more than 200 levels deep"},
		"huge":  {`{"a":"` + strings.Repeat("x", 2<<20), "limit: lime: a frame has more than 1048576 bytes"},
		"flood": {strings.Repeat("{}", 3000), "skipped 3000"},
		"tail":  {` {"content":"{\"}\\","type":"text/plain"}}`, "data: lime: what came is no JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := listenTCP(t, nil, stage(func(p *peer) {
				p.raw(tc.bytes)
				for _, b := range []byte(" \r\n{\"type\":\"text/plain\",\"content\":\"a \\\"}\\\\\"}\n{\"type\":\"text/plain\",\"content\":\"after\"}") {
					p.raw(string(b))
				}
			}, ignore))
			out := run(t, map[string]string{"TCP": "tcp://" + address}, `
main(function()
  local c = client(os.getenv "TCP", { encryption = "none" })
  local done, first = require("promise").new(), nil
  c:on("disconnect", function(e) done:resolve(e.type .. ": " .. e.message) end)
  c:on("message", function(m)
    if m.content == "after" then done:resolve("skipped " .. c.skipped) assert(first == 'a "}\\') end
    first = m.content
  end)
  c:connect()
  print(select(2, done:wait(120)))
  c:close()
end)`)
			if !strings.HasPrefix(out, tc.want) {
				t.Errorf("got %q, want %q", out, tc.want)
			}
		})
	}
}

// Of answers, one that comes from elsewhere than the command went is not taken.
func TestForgedAnswers(t *testing.T) {
	t.Parallel()
	uri := listenWS(t, stage(func(*peer) {}, func(p *peer, e envelope) {
		if e["method"] == "get" {
			p.put(envelope{"id": e["id"], "from": "eve@example.com/x", "method": "get", "status": "success", "type": "text/plain", "resource": "forged"})
			p.put(envelope{"id": e["id"], "from": "ben@example.com/x", "method": "get", "status": "success", "type": "text/plain", "resource": "true"})
		}
	}))
	out := run(t, map[string]string{"WS": uri}, `
main(function()
  local c = client(os.getenv "WS")
  c:connect()
  print(c:process_command({ to = "ben@example.com", method = "get", uri = "/x" }).resource, c.skipped)
  c:close()
end)`)
	check(t, out, "true\t1")
}

// A flood is handled in order, while commands of the client go through.
func TestFlood(t *testing.T) {
	t.Parallel()
	const many = 1500
	uri := listenWS(t, stage(func(p *peer) {
		for i := range many {
			p.put(envelope{"id": fmt.Sprint(i), "method": "get", "status": "success"})
			p.put(envelope{"type": "text/plain", "content": fmt.Sprint(i)})
		}
	}, func(p *peer, e envelope) {
		if e["method"] == "get" {
			p.put(envelope{"id": e["id"], "method": "get", "status": "success"})
		}
	}))
	out := run(t, map[string]string{"WS": uri}, fmt.Sprintf(`
main(function()
  local c = client(os.getenv "WS")
  local done, n, wrong = require("promise").new(), 0, 0
  c:on("message", function(m)
    if m.content ~= tostring(n) then wrong = wrong + 1 end
    n = n + 1
    if n == 10 then c:process_command({ method = "get", uri = "/x" }, { timeout = 30 }) end
    if n == %d then done:resolve() end
  end)
  c:connect()
  done:wait(120)
  print(n, wrong, c.skipped)
  c:close()
end)`, many))
	check(t, out, fmt.Sprintf("%d\t0\t%d", many, many))
}

// A client that runs pings a silent server, gives up on a dead one, and connects
// again.
func TestKeepalive(t *testing.T) {
	t.Parallel()
	h := newHub()
	first := true
	uri := listenWS(t, func(p *peer) { // one after the other
		if !first {
			h.serve(p)
			return
		}
		first = false
		if h.establish(p) != "" {
			p.each(func(envelope) {}) // never answers
		}
	})
	out := run(t, map[string]string{"WS": uri}, `
local c = client(os.getenv "WS", { ping_interval = 0.4, ping_timeout = 2 })
local why
c:on("disconnect", function(e) why = why or e.type end)
main(function()
  c:run()
  c:wait("connect", 30)
  c:wait("connect", 30)
  print(why)
  sleep(1.2)
  print(c.state)
  c:close()
end)`)
	check(t, out, "timeout", "established")
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pings == 0 {
		t.Error("the server was not pinged")
	}
}
