-- Tests of BOTNAME.lua. Run: simplex-lua test

local sim = require "simplex.sim"

-- A group that alice owns, with bob in it and the bot as a moderator.
local function team(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local group = net:group("team", { alice, bob, bot = "moderator" })
  return alice:in_group(group), bob:in_group(group)
end

sim.case("removes messages with forbidden words", function(net)
  local alice, bob = team(net)
  alice:send("/forbid spam")
  alice:expect("Forbidden: spam")
  bob:send("cheap SPAM here")
  alice:expect("bob, please: no spam here.")
  alice:expect_deletion("cheap SPAM here")
  alice:send("/permit spam")
  alice:expect("Permitted: spam")
  alice:send("/words")
  alice:expect("Nothing is forbidden.")
end)

sim.case("does not listen to others", function(net)
  local alice, bob = team(net)
  bob:send("/forbid ham")
  bob:expect_none()
  alice:send("ham, please")
  alice:expect_none()
end)

sim.case("keeps the words of each group", function(net)
  local alice, bob = team(net)
  local eve = net:user("eve"):connect()
  local other = eve:in_group(net:group("mine", { eve, bot = "moderator" }))
  other:send("/forbid hello")
  other:expect("Forbidden: hello")
  bob:send("hello")
  alice:expect_none()
  alice:send("/words")
  alice:expect("Nothing is forbidden.")
end)

sim.case("ends floods", function(net)
  local alice, bob = team(net)
  for i = 1, 11 do
    bob:send("hello " .. i)
  end
  alice:expect_deletion("hello 11")
end)
