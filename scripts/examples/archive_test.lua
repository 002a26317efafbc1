-- Tests of archive.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("keeps files and gives them back", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  alice:send("/files")
  alice:expect("You have no files here.")
  alice:send_file("squaring.lua")
  alice:expect({ pattern = "^Kept as number 1: squaring.lua, %d+ bytes%.$" })
  alice:send("/files")
  alice:expect("1. squaring.lua")
  bob:send("/get 1")
  bob:expect("You have no file of that number.")
  alice:send("/get 1")
  alice:expect("squaring.lua")
  alice:send("/forget 1")
  alice:expect("Forgotten.")
  alice:send("/get 1")
  alice:expect("You have no file of that number.")
end)
