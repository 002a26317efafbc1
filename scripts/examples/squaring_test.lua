-- Tests of squaring.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("greets new contacts", function(net)
  local alice = net:user("alice"):connect()
  alice:expect("Send a number, I'll square it.")
end)

sim.case("squares numbers", function(net)
  local alice = net:user("alice"):connect()
  alice:send("7")
  alice:expect("7 * 7 = 49")
  alice:send("-1.5")
  alice:expect("-1.5 * -1.5 = 2.25")
end)

sim.case("says what is no number", function(net)
  local alice = net:user("alice"):connect()
  alice:send("seven")
  alice:expect("Not a number.")
  alice:expect_none()
end)

sim.case("explains itself", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/help")
  alice:expect({ contains = "square" })
end)
