-- Tests of irc_replication.lua without IRC servers; tests/irc has those with two. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("tells how it stands", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/status")
  alice:expect("from: false, to: false, 0 lines")
  net:advance(1)
end)
