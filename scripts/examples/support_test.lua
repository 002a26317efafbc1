-- Tests of support.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

local function connected(net, name)
  local person = net:user(name):connect()
  person:expect("Hello. What can we do for you?")
  return person
end

sim.case("carries questions and answers", function(net)
  local carol, alice, bob = connected(net, "carol"), connected(net, "alice"), connected(net, "bob")
  alice:send("Is anybody there?")
  alice:expect({ contains = "Nobody is here yet" })
  carol:send("/desk 1234")
  carol:expect("That is not the code.")
  carol:send("/desk " .. net.bot.state.code)
  carol:expect({ contains = "You get the questions now" })
  alice:send("My parcel is lost")
  local question = carol:expect("alice: My parcel is lost")
  carol:send("Let me look")
  carol:expect("Reply to a question, please.")
  carol:reply("It is on its way", question)
  carol:expect_reaction("👍")
  alice:expect("It is on its way")
  bob:expect_none()
end)
