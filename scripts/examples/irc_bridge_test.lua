-- Tests of irc_bridge.lua without an IRC server; tests/irc has those with one. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("tells the writer what has not been heard on IRC", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local chat = alice:in_group(net:group("trees", { alice, bob }))
  net:advance(1)
  local message = chat:send("Good morning")
  chat:expect({ contains = "IRC has not heard this" })
  chat:edit("Good evening", message)
  chat:expect({ contains = "IRC has not heard this" })
end)
