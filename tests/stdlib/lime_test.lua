local sim = require "simplex.sim"

sim.case("a session, commands, messages, notifications", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/talk")
  alice:expect("hello, closed: lime: the client is not connected", { within = "1m" })
end)

sim.case("a server that lies about its session", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/lies")
  alice:expect(table.concat({
    "skips: lime: lime: the server established the session without authentication",
    "id: lime: lime: the server changed the id of the session",
    "back: lime: lime: the server went from the state authenticating to negotiating",
    "refuses: lime: lime: the server refused: no (reason 13)",
    "other: lime: lime: the server made the client anna@example.org, not eve@example.org",
    "junk: data: lime: the frame is no JSON: at byte 0: want a value",
    "message: lime: lime: a message came before the session was established",
    "silent: timeout: lime: no session within 3 s",
    "allowed: lime: lime: the server refused: no description (reason 1)",
  }, "\n"), { within = "1m" })
end)

sim.case("options", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/options")
  alice:expect(table.concat({
    "argument: lime.client.identity: want a string, got nil",
    'argument: lime.client.identity: want name@domain or name@domain/instance, got "anna"',
    'argument: lime.client.uri: want ws://, wss://, tcp://, tls:// or lime:// and a host, got "http://b"',
    'argument: lime.client.uri: want a host and perhaps a port after tcp://, got "b:70000"',
    'argument: lime.client.encryption: want tls or none, got "some"',
    "argument: lime.client.max_size: want 1 KiB to 16 MiB",
    "argument: lime.client.authentication.password: want a string, got nil",
    'argument: lime.client.authentication: unknown option "password"',
    "argument: lime.client.transport.send: want a function, got nil",
    'argument: lime.client: unknown option "authentification"; did you mean authentication?',
    "argument: lime.client.tls.server_name: a server of wss:// must show the certificate of the host in the uri",
  }, "\n"))
end)

sim.case("a client that runs connects again", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/run")
  alice:expect("lime: lime: the server has finished the session", { within = "1m" })
  alice:expect("3 connections", { within = "1m" })
  alice:expect("closed: lime: the client was closed", { within = "1m" })
end)
