-- Tests of irc_encrypted.lua without an IRC server; tests/irc has those with one. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

sim.case("tells when there is no connection", function(net)
  local alice, eve = net:user("alice"):connect(), net:user("eve"):connect()
  alice:send("/me " .. net.bot.state.code)
  alice:expect("Now you hear #sealed.")
  eve:send("/me 0123456789abcdef")
  eve:expect("That is not the code.")
  eve:send("hello")
  eve:expect_none()
  net:restart()
  alice:send("hello")
  alice:expect("IRC is not connected.")
  net:advance(1)
end)
