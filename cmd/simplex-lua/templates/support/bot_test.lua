-- Tests of BOTNAME.lua. Run: simplex-lua test

local sim = require "simplex.sim"

sim.case("makes tickets of messages", function(net)
  local alice = net:user("alice"):connect()
  alice:send("It does not work.")
  alice:expect("Thank you. Your ticket is number 1.")
  alice:send("Still not.")
  alice:expect("Added to your ticket.")
end)

sim.case("keeps strangers out", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/tickets")
  alice:expect("You may not do that.")
  alice:send("/pair nonsense")
  alice:expect({ contains = "wrong" })
end)
