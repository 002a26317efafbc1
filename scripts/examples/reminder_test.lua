-- Tests of reminder.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("reminds in time", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/remind 10m tea")
  alice:expect({ pattern = "^I will remind you at %d%d:%d%d UTC%.$" })
  alice:send("/reminders")
  alice:expect({ pattern = "tea$" })
  net:advance("9m")
  alice:expect_none(0)
  alice:expect("Reminder: tea", { within = "2m" })
  alice:send("/reminders")
  alice:expect("Nothing is due.")
end)

sim.case("reminds after a crash", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/remind 1h tea")
  alice:expect({ contains = "I will" })
  net:kill()
  alice:expect("Reminder: tea", { within = "2h" })
end)

sim.case("says what to send", function(net)
  local alice = net:user("alice"):connect()
  for _, text in ipairs { "/remind", "/remind tea", "/remind soon tea" } do
    alice:send(text)
    alice:expect("Send /remind 10m tea, or 2h, or 1d.")
  end
end)

sim.case("reminds later what could not be sent", function(net)
  local alice = net:user("alice"):connect()
  local group = net:group("team", { alice })
  local team = alice:in_group(group)
  team:send("/remind 10m tea")
  team:expect({ contains = "I will" })
  alice:set_role(group, net.bot, "observer")
  net:advance("1h")
  team:expect_none()
  alice:set_role(group, net.bot, "member")
  team:expect("Reminder: tea", { within = "2h" })
  alice:send("/reminders")
  alice:expect("Nothing is due.")
end)
