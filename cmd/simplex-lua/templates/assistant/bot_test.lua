-- Tests of BOTNAME.lua, without a model. Run: simplex-lua test

local sim = require "simplex.sim"

sim.case("says that there is no model", function(net)
  local alice = net:user("alice"):connect()
  alice:expect("Ask me anything. /new begins a new talk.")
  alice:send("How are you?")
  alice:expect({ contains = "MODEL_URL is missing" })
end)

sim.case("forgets", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/new")
  alice:expect("Forgotten.")
end)

sim.case("has enough of somebody", function(net)
  local alice = net:user("alice"):connect()
  for _ = 1, 10 do
    alice:send("And now?")
    alice:expect({ contains = "MODEL_URL is missing" })
  end
  alice:send("And now?")
  alice:expect("One after the other, please.")
end)
