-- Tests of lime_bridge.lua without a LIME server; tests/lime has those with one. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

-- A group that is joined to the node, as alice and bob are in it.
local function joined(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  local group = net:group("trees", { alice, bob, bot = "moderator" })
  net:advance(1)
  local chat = alice:in_group(group)
  chat:send("/bridge " .. net.bot.state.code)
  chat:expect("This group hears desk@example.org now, and is heard there.")
  return chat, bob
end

sim.case("tells the writer what has not been received", function(net)
  local chat = joined(net)
  local message = chat:send("Good morning")
  chat:expect_reaction("👎")
  chat:edit("Good evening", message)
  chat:expect_none()
  net:restart()
  chat:send("Still here")
  chat:expect_reaction("👎")
end)

sim.case("leaves the group where it is, whoever invites the bot", function(net)
  local chat = joined(net)
  local eve = net:user("eve"):connect()
  local other = eve:create_group("mine")
  eve:invite(other, net.bot)
  eve:in_group(other):send("/bridge 0123456789abcdef")
  eve:in_group(other):expect("That is not the code.")
  chat:send("Good morning")
  chat:expect_reaction("👎")
end)

sim.case("keeps what members tell the moderators", function(net)
  local _, bob = joined(net)
  bob:command('/_send #1(_support) json [{"msgContent":{"type":"text","text":"alice is rude"}}]')
  local item = bob:command("/_get chat #1(_support) count=10").chat.chatItems[1]
  assert(#(item.reactions or {}) == 0, "the bot has tried to pass it on")
end)
