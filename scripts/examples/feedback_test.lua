-- Tests of feedback.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("carries feedback and answers", function(net)
  local boss, alice = net:user("boss"):connect(), net:user("alice"):connect()
  alice:expect({ contains = "not your name" })
  alice:send("Too early")
  alice:expect({ contains = "Nobody reads this yet" })
  local group = boss:create_group("staff")
  boss:invite(group, net.bot)
  local staff = boss:in_group(group)
  staff:send("/staff")
  staff:expect({ contains = "Feedback comes here now" })
  alice:send("The soup was cold")
  alice:expect("Thank you.")
  local got = staff:expect("Feedback: The soup was cold")
  assert(not got.text:find("alice"), "the staff does not see who wrote")
  staff:send("just talking")
  staff:reply("We are sorry", got)
  staff:expect_reaction("👍")
  alice:expect("Answer: We are sorry")
end)
