package lime

import (
	"slices"
	"testing"
)

// The frames that a client writes are those of the specification.
func TestEnvelopes(t *testing.T) {
	t.Parallel()
	h := newHub()
	out := run(t, map[string]string{"WS": listenWS(t, h.serve)}, `
main(function()
  local c = client(os.getenv "WS", { authentication = { scheme = "plain", password = "ilovewww" } })
  c:connect()
  c:send_message { to = "skyler/bedroom", type = "application/vnd.lime.threadedtext+json", content = { text = "I knock", thread = 2 },
    metadata = { senderIp = "192.168.0.1" } }
  c:send_message { id = false, to = "ww@example.com", content = "in danger?", pp = "anna@example.com" }
  c:send_notification { id = "48600604", to = "skyler@example.com", event = "consumed" }
  c:process_command { method = "set", uri = "/presence", type = "application/vnd.lime.presence+json", resource = { status = "available" } }
  c:process_command { method = "observe", uri = "/presence", resource = { status = "away" } }
  c:send_message { to = "ben", type = lime.collection("text/plain", { "a" }) and "application/vnd.lime.collection+json",
    content = (lime.collection("text/plain", { "a", "b" })) }
  c:close()
  print "end"
end)`)
	check(t, out, "end")
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, want := range []string{
		`{"state":"new"}`,
		`{"authentication":{"password":"aWxvdmV3d3c="},"from":"anna@example.com/home","id":"d35ad2be","scheme":"plain","state":"authenticating"}`,
		`{"content":{"text":"I knock","thread":2},"id":"*","metadata":{"senderIp":"192.168.0.1"},"to":"skyler/bedroom","type":"application/vnd.lime.threadedtext+json"}`,
		`{"content":"in danger?","pp":"anna@example.com","to":"ww@example.com","type":"text/plain"}`,
		`{"event":"consumed","id":"*","to":"skyler@example.com"}`,
		`{"id":"*","method":"set","resource":{"status":"available"},"type":"application/vnd.lime.presence+json","uri":"/presence"}`,
		`{"method":"observe","resource":{"status":"away"},"type":"application/json","uri":"/presence"}`,
		`{"content":{"itemType":"text/plain","items":["a","b"],"total":2},"id":"*","to":"ben","type":"application/vnd.lime.collection+json"}`,
		`{"id":"d35ad2be","state":"finishing"}`,
	} {
		if i >= len(h.heard) || h.heard[i] != want {
			t.Errorf("frame %d: got %q, want %s", i, h.heard[min(i, len(h.heard)-1)], want)
		}
	}
}

// A session is negotiated, authenticated by each scheme, established and finished.
func TestSession(t *testing.T) {
	t.Parallel()
	config, ca := certificate(t)
	h := newHub()
	env := map[string]string{
		"WS": listenWS(t, h.serve), "TCP": "tcp://" + listenTCP(t, config, h.serve), "PLAIN": "tcp://" + listenTCP(t, nil, h.serve), "CA": ca,
	}
	out := run(t, env, `
main(function()
  local schemes = { { scheme = "guest" }, { scheme = "plain", password = "ilovewww" }, { scheme = "key", key = "a key" } }
  for _, authentication in ipairs(schemes) do
    for _, name in ipairs { "WS", "TCP" } do
      local states = {}
      local c = client(os.getenv(name), { authentication = authentication, tls = name == "TCP" and { ca = os.getenv "CA" } or nil })
      c:on("session", function(e) states[#states + 1] = e.state end)
      c:connect()
      assert(c.state == "established" and c.session_id == "d35ad2be" and c.server == "server@example.com/1")
      assert(c:process_command({ method = "get", uri = "/ping" }).status == "success")
      while states[#states] ~= "established" do sleep(0.005) end -- handlers run beside
      print(name, authentication.scheme, table.concat(states, " "))
      c:close()
      assert(c.state == "closed")
    end
  end
  print("wrong", outcome(function() client(os.getenv "WS", { authentication = { scheme = "plain", password = "x" } }):connect() end))
  print("unknown", outcome(function() client(os.getenv "WS", { authentication = { scheme = "token", token = "x" } }):connect() end))
  print("no TLS", outcome(function() client(os.getenv "PLAIN"):connect() end))
  local c = client(os.getenv "PLAIN", { encryption = "none" })
  c:connect()
  c:close()
  c = client(os.getenv "TCP", { encryption = "none" })
  c:connect()
  c:close()
  print("wrong certificate", outcome(function() client(os.getenv "TCP"):connect() end):match "^%a+")
  c:close()
  print("closed", outcome(c.process_command, c, { method = "get", uri = "/ping" }))
end)`)
	check(t, out,
		"WS\tguest\tauthenticating established", "TCP\tguest\tnegotiating negotiating authenticating established",
		"WS\tplain\tauthenticating established", "TCP\tplain\tnegotiating negotiating authenticating established",
		"WS\tkey\tauthenticating established", "TCP\tkey\tnegotiating negotiating authenticating established",
		"wrong\tlime: lime: the server refused: wrong password (reason 13) 13",
		"unknown\tlime: lime: the server does not offer the authentication scheme token 11",
		"no TLS\tlime: lime: the server does not encrypt the connection",
		"wrong certificate\tio",
		"closed\tclosed: lime: the client is not connected")
	h.mu.Lock()
	defer h.mu.Unlock()
	if want := `{"compression":"none","encryption":"tls","id":"d35ad2be","state":"negotiating"}`; !slices.Contains(h.heard, want) {
		t.Errorf("want %s in %q", want, h.heard)
	}
}

// Of each message its sender is told what became of it.
func TestNotifications(t *testing.T) {
	t.Parallel()
	out := run(t, map[string]string{"WS": listenWS(t, newHub().serve)}, `
main(function()
  local anna, ben = client(os.getenv "WS"), client(os.getenv "WS", { identity = "ben@example.com/work" })
  local seen = {}
  anna:on("notification", function(n) seen[n.id] = (seen[n.id] or "") .. " " .. n.event .. (n.reason and n.reason.code or "") end)
  anna:on("notification", { event = "consumed" }, function(n) assert(n.from == "ben@example.com/work") end)
  ben:on("message", { type = "text/plain" }, function(m) assert(m.content ~= "boom", "on purpose") end)
  anna:connect()
  ben:connect()
  local id, last = anna:send_message({ to = "ben@example.com", content = "hello" }, { wait = "consumed" })
  print(last.event, last.id == id)
  anna:process_command { method = "get", uri = "/ping" }
  while not (seen[id] or ""):find("consumed") do sleep(0.005) end -- handlers run beside
  print(seen[id])
  print("boom", outcome(anna.send_message, anna, { to = "ben@example.com", content = "boom" }, { wait = "consumed" }))
  print("nobody", outcome(anna.send_message, anna, { to = "nobody@example.com", content = "x" }, { wait = "received" }))
  print("unhandled", outcome(anna.send_message, anna, { to = "ben@example.com", type = "image/png", content = "AAAA" }, { wait = "consumed", timeout = 0.3 }))
  local done = require("promise").new()
  bot.spawn(function()
    anna:send_message { id = "m7", to = "ben@example.com", content = "waited for" }
    done:resolve(anna:wait("notification", { id = "m7", event = "consumed" }, 10).event)
  end)
  print("wait", ben:wait("message", function(m) return m.id == "m7" end, 10).content)
  print("wait", select(2, done:wait(10)))
  print("wait", tostring(anna:wait("message", 0.1)))
  anna:close()
  ben:close()
end)`)
	check(t, out,
		"consumed\ttrue", " accepted dispatched received consumed",
		"boom\tlime: client:send_message: the message could not be handled (reason 1) 1",
		"nobody\tlime: client:send_message: The message destination was not found (reason 42) 42",
		"unhandled\ttimeout: client:send_message: no answer within 0.3 s",
		"wait\twaited for", "wait\tconsumed", "wait\tnil")
}

// Commands of each method on URIs, with time-outs.
func TestCommands(t *testing.T) {
	t.Parallel()
	h := newHub()
	out := run(t, map[string]string{"WS": listenWS(t, h.serve)}, `
main(function()
  local anna, ben = client(os.getenv "WS"), client(os.getenv "WS", { identity = "ben@example.com/work" })
  local stock, observed = { pears = 3 }, require("promise").new()
  ben:handle("/stock/{fruit}", function(command, params, query)
    if command.method == "get" then
      return stock[params.fruit] and { left = stock[params.fruit], unit = query.unit } or lime.fail(lime.reasons.not_found, "no " .. params.fruit)
    elseif command.method == "set" or command.method == "merge" then
      stock[params.fruit] = command.resource.left
    elseif command.method == "delete" then
      stock[params.fruit] = nil
    elseif command.method == "observe" then
      observed:resolve(command.resource.left)
    end
  end)
  ben:handle("/files/*", function(_, params) return params.rest end)
  ben:handle("/broken", function() error "a secret" end)
  ben:handle("/gone", function() return "x" end)
  ben:handle("/gone", nil)
  anna:connect()
  ben:connect()
  local function ask(method, uri, resource)
    local a = anna:process_command { to = "ben@example.com", method = method, uri = uri, resource = resource }
    local document = type(a.resource) == "table" and json.encode(a.resource) or a.resource
    print(method, uri, a.status, a.reason and a.reason.code .. " " .. a.reason.description or a.type, document)
  end
  ask("get", "/stock/pears?unit=kg")
  ask("get", "lime://ben@example.com/stock/pears")
  ask("set", "/stock/water%20melons", { left = 1 })
  ask("get", "/stock/water%20melons")
  ask("merge", "/stock/pears", { left = 4 })
  ask("delete", "/stock/pears")
  ask("get", "/stock/pears")
  ask("subscribe", "/stock/pears")
  ask("unsubscribe", "/stock/pears")
  print("observe", tostring(anna:process_command { to = "ben@example.com", method = "observe", uri = "/stock/figs", resource = { left = 9 } }),
    select(2, observed:wait(10)))
  ask("get", "/files/a/b")
  ask("get", "/broken")
  ask("get", "/gone")
  ask("get", "/ping")
  local contacts = anna:process_command { method = "get", uri = "lime://anna@example.com/contacts?take=3" }
  print(contacts.type, #contacts.resource.items)
  print(outcome(anna.process_command, anna, { method = "get", uri = "/never" }, { timeout = 0.2 }))
  print(outcome(anna.process_command, anna, { method = "steal", uri = "/x" }))
  print(outcome(anna.process_command, anna, { method = "get" }))
  bot.spawn(function() sleep(0.1) anna:close() end)
  print(outcome(anna.process_command, anna, { method = "get", uri = "/never" }))
  ben:close()
end)`)
	check(t, out,
		"get\t/stock/pears?unit=kg\tsuccess\tapplication/json\t"+`{"left":3,"unit":"kg"}`,
		"get\tlime://ben@example.com/stock/pears\tsuccess\tapplication/json\t"+`{"left":3}`,
		"set\t/stock/water%20melons\tsuccess\tnil\tnil",
		"get\t/stock/water%20melons\tsuccess\tapplication/json\t"+`{"left":1}`,
		"merge\t/stock/pears\tsuccess\tnil\tnil", "delete\t/stock/pears\tsuccess\tnil\tnil",
		"get\t/stock/pears\tfailure\t67 no pears\tnil",
		"subscribe\t/stock/pears\tsuccess\tnil\tnil", "unsubscribe\t/stock/pears\tsuccess\tnil\tnil", "observe\tnil\t9",
		"get\t/files/a/b\tsuccess\ttext/plain\ta/b",
		"get\t/broken\tfailure\t61 the command failed\tnil", "get\t/gone\tfailure\t62 the resource is not supported\tnil",
		"get\t/ping\tsuccess\tapplication/vnd.lime.ping+json\t{}",
		"application/vnd.lime.collection+json\t3",
		"timeout: client:process_command: no answer within 0.2 s",
		`argument: client:process_command: there is no method "steal"; there are get, set, delete, merge, subscribe, unsubscribe and observe`,
		"argument: client:process_command.uri: want a string, got nil",
		"closed: lime: the client was closed")
}
