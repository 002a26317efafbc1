-- Tests of irc_encrypted.lua without an IRC server; tests/irc has those with one. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("tells when there is no connection", function(net)
  local alice = net:user("alice"):connect()
  alice:send("hello")
  alice:expect("IRC is not connected.")
  net:advance(1)
end)
