-- Tests of BOTNAME.lua. Run: simplex-lua test

local sim = require "simplex.sim"

sim.case("repeats texts", function(net)
  local alice = net:user("alice"):connect()
  alice:expect("I repeat what you say. Send /help to see more.")
  alice:send("hello")
  alice:expect("hello")
end)

sim.case("knows its commands", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/upper hello")
  alice:expect("HELLO")
  alice:send("/help")
  alice:expect({ contains = "/upper" })
  alice:send("/nothing")
  alice:expect({ contains = "Send /help" })
end)
