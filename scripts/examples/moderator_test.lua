-- Tests of moderator.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

-- A group that alice owns, with bob in it and the bot as a moderator.
local function team(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local group = net:group("team", { alice, bob, bot = "moderator" })
  return alice:in_group(group), bob:in_group(group), bob
end

sim.case("removes messages with forbidden words", function(net)
  local alice, bob = team(net)
  bob:send("cheap SPAM here")
  bob:expect("bob, please: no spam here.")
  alice:expect_deletion("cheap SPAM here")
  bob:send("a fine message")
  bob:expect_none()
end)

sim.case("lets moderators keep the list", function(net)
  local alice, bob = team(net)
  alice:send("/words")
  alice:expect("Forbidden: spam")
  alice:send("/forbid Eggs")
  alice:expect("Forbidden: eggs")
  alice:send("/allow spam")
  alice:expect("Allowed: spam")
  alice:send("/words")
  alice:expect("Forbidden: eggs")
  alice:send("/forbid")
  alice:expect("Which word?")
  net:restart()
  bob:send("eggs, please")
  bob:expect({ contains = "no eggs here" }, { skip = true }) -- he saw the answers to alice, too
end)

sim.case("keeps a list for each group", function(net)
  local alice, bob = team(net)
  local eve = net:user("eve"):connect()
  local other = eve:in_group(net:group("mine", { eve, bot = "moderator" }))
  other:send("/allow spam")
  other:expect("Allowed: spam")
  other:send("/forbid hello")
  other:expect("Forbidden: hello")
  bob:send("hello")
  bob:expect_none()
  bob:send("spam")
  bob:expect({ contains = "no spam here" })
  alice:expect_deletion("spam")
end)

sim.case("does not listen to others", function(net)
  local _, bob = team(net)
  bob:send("/forbid ham")
  bob:send("ham")
  bob:expect_none()
end)
