-- Tests of captcha.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

-- A group of alice, with the bot, which bob joins.
local function joined(net, role)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local group = net:group("team", { alice, bob, bot = role or "admin" })
  local asked = bob:in_group(group):expect({ contains = "Welcome, bob" })
  local a, b = asked.text:match("(%d+) %+ (%d+)")
  return alice:in_group(group), bob:in_group(group), a + b, function(new) alice:set_role(group, net.bot, new) end
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

sim.case("removes who does not answer, also after a restart", function(net)
  local _, bob = joined(net)
  net:advance("2m")
  net:restart()
  net:advance("3m")
  assert(not pcall(bob.send, bob, "hello"), "bob is out")
end)

sim.case("lets nobody guess for long", function(net)
  local _, bob, sum = joined(net)
  for i = 1, 3 do bob:send(tostring(sum + i)) end
  assert(not pcall(bob.send, bob, tostring(sum)), "bob is out")
end)

sim.case("forgets nobody whom it cannot remove", function(net)
  local alice, bob, _, make_bot = joined(net, "moderator")
  net:advance("10m")
  bob:send("buy my pills")
  alice:expect_deletion("buy my pills")
  make_bot("admin")
  net:advance("2m")
  assert(not pcall(bob.send, bob, "hello"), "bob is out")
end)
