-- Tests of echo.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

local function connected(net)
  local alice = net:user("alice"):connect()
  alice:expect("I repeat what you say. Send /help to see more.")
  return alice
end

sim.case("repeats texts", function(net)
  local alice = connected(net)
  alice:send("hello")
  alice:expect("hello")
  alice:send("two\nlines")
  alice:expect("two\nlines")
end)

sim.case("lists its commands", function(net)
  local alice = connected(net)
  alice:send("/help")
  alice:expect(table.concat({
    "/help - What I can do",
    "/upper <text> - Repeat in capitals",
    "/reverse <text> - Repeat backwards",
  }, "\n"))
end)

sim.case("changes texts", function(net)
  local alice = connected(net)
  alice:send("/upper hello")
  alice:expect("HELLO")
  alice:send("/upper")
  alice:expect("Upper what?")
  alice:send("/reverse abc")
  alice:expect("cba")
  alice:send("/Backwards abc")
  alice:expect("cba")
  alice:send("/reverse")
  alice:expect("Reverse what?")
end)

sim.case("knows what it does not know", function(net)
  local alice = connected(net)
  alice:send("/nothing")
  alice:expect({ pattern = "don't know" })
end)

sim.case("answers what came while it was off", function(net)
  local alice = connected(net)
  net:offline("1m", function()
    alice:send("while away")
    alice:expect_none()
  end)
  alice:expect("while away")
end)
