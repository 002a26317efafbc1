-- Tests of BOTNAME.lua. Run: simplex-lua test

local sim = require "simplex.sim"

sim.case("alerts those who subscribed", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  alice:send("/subscribe")
  alice:expect("You get alerts now.")
  bob:send("/try")
  alice:expect("This is a test.")
  bob:expect_none()
  alice:send("/unsubscribe")
  alice:expect("You get no more alerts.")
  bob:send("/try")
  alice:expect_none()
end)

sim.case("is not used for a flood", function(net)
  local alice = net:user("alice"):connect()
  for _ = 1, 3 do
    alice:send("/try")
  end
  alice:send("/try")
  alice:expect("Not so often, please.")
end)
