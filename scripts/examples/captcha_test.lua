-- Tests of captcha.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

-- A group of alice, with the bot, which bob joins.
local function joined(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local group = net:group("team", { alice, bob, bot = "admin" })
  local asked = bob:in_group(group):expect({ contains = "Welcome, bob" })
  local a, b = asked.text:match("(%d+) %+ (%d+)")
  return alice:in_group(group), bob:in_group(group), a + b
end

sim.case("lets in who can add", function(net)
  local alice, bob, sum = joined(net)
  bob:send("buy my pills")
  alice:expect_deletion("buy my pills")
  bob:send(tostring(sum))
  bob:expect("Thank you, come in.", { skip = true })
  bob:send("hello")
  bob:expect_none("5m")
  bob:send("still here")
end)

sim.case("removes who does not answer", function(net)
  local _, bob = joined(net)
  net:advance("4m")
  assert(not pcall(bob.send, bob, "hello"), "bob is out")
end)
