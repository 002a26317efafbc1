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
  staff:send("/staff " .. net.bot.state.code)
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

sim.case("goes to nobody else's group", function(net)
  local boss, eve, alice = net:user("boss"):connect(), net:user("eve"):connect(), net:user("alice"):connect()
  local staff = boss:in_group(net:group("staff", { boss }))
  local code = net.bot.state.code
  staff:send("/staff " .. code)
  staff:expect({ contains = "Feedback comes here now" })
  local other = eve:in_group(net:group("mine", { eve }))
  for _, guess in ipairs { "", " 1234", " " .. code } do
    other:send("/staff" .. guess)
    other:expect("That is not the code.")
  end
  alice:send("The boss is bad")
  staff:expect("Feedback: The boss is bad")
  other:expect_none()
end)
