-- Tests of offices.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

-- A person in a group of their own, which is joined to the others.
local function office(net, name)
  local person = net:user(name):connect()
  local chat = person:in_group(net:group(name .. "'s office", { person }))
  chat:send("/office " .. net.bot.state.code)
  chat:expect({ contains = "hears the others now" })
  return chat
end

sim.case("copies to all offices, also after a restart", function(net)
  local alice, bob, carol = office(net, "alice"), office(net, "bob"), office(net, "carol")
  alice:send("/audit")
  alice:expect("Nothing was copied yet.")
  local message = alice:send("Lunch at one")
  bob:expect({ pattern = "^alice: Lunch at one" })
  carol:expect({ pattern = "^alice: Lunch at one" })
  net:restart()
  alice:edit("Lunch at two", message)
  bob:expect_edit({ pattern = "^alice: Lunch at two" })
  bob:react("👍")
  alice:expect_reaction("👍")
  bob:send("Fine")
  alice:expect({ pattern = "^bob: Fine" })
  carol:expect({ pattern = "^bob: Fine" })
  alice:send("/audit")
  alice:expect({ pattern = "^copy bob, #%d %-> #%d .*\nreaction alice, .*\nedit alice, .*\ncopy alice, " })
  alice:delete(message)
  bob:expect_deletion({ pattern = "^alice: Lunch at two" })
  net:advance("40d")
  alice:send("/audit")
  alice:expect("Nothing was copied yet.")
end)

sim.case("joins no stranger's group", function(net)
  local alice = office(net, "alice")
  local eve = net:user("eve"):connect()
  local other = eve:in_group(net:group("mine", { eve }))
  other:send("/office 0123456789abcdef")
  other:expect({ contains = "not the code" })
  other:send("/audit")
  alice:send("Lunch at one")
  other:expect_none()
end)
