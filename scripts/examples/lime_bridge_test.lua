-- Tests of lime_bridge.lua without a LIME server; tests/lime has those with one. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("tells the writer what has not been received", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local chat = alice:in_group(net:group("trees", { alice, bob }))
  net:advance(1)
  local message = chat:send("Good morning")
  chat:expect_reaction("👎")
  chat:edit("Good evening", message)
  chat:expect_none()
end)
