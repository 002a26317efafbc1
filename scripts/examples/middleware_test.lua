-- Tests of middleware.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("refuses the sixth message in a minute", function(net)
  local alice = net:user("alice"):connect()
  for i = 1, 5 do
    alice:send("message " .. i)
    alice:expect(("message %d (%d left)"):format(i, 5 - i))
  end
  alice:send("one more")
  alice:expect("Too fast. Try again in a minute.")
  alice:send("and another")
  alice:expect_none()

  net:advance("1m")
  alice:send("later")
  alice:expect("later (4 left)")
end)

sim.case("limits each person alone", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  alice:send("mine")
  alice:expect("mine (4 left)")
  bob:send("mine")
  bob:expect("mine (4 left)")
end)

sim.case("counts", function(net)
  local alice = net:user("alice"):connect()
  alice:send("hello")
  alice:expect("hello (4 left)")
  alice:send("/stats")
  alice:expect("1 handled, 0 refused")
end)

sim.case("says when a handler fails", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/fail")
  alice:expect("Sorry, that went wrong.")
  net.bot:expect_error({ contains = "asked to fail" })
end)
