-- Tests of vault.lua by itself; tests/peers has two of them. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("opens a note with its key, and burns it", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  alice:send("/keep the key is under the mat")
  local key = alice:expect({ pattern = "^%x+%.%S+$" }).text
  alice:send("/stats")
  alice:expect("I keep 1.")
  bob:send("/open " .. key)
  bob:expect("the key is under the mat")
  for _, wrong in ipairs { "", "mat", (key:gsub("^%x", function(digit) return digit == "0" and "1" or "0" end)) } do
    bob:send("/open " .. wrong)
    bob:expect("That opens nothing here.")
  end
  net:restart()
  alice:send("/burn " .. key)
  alice:expect("It is gone.")
  alice:send("/burn " .. key)
  alice:expect("That opens nothing here.")
  alice:send("/stats")
  alice:expect("I keep 0.")
end)
