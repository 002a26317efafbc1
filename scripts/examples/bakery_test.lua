-- Tests of bakery.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

local function talk(person, rows)
  for _, row in ipairs(rows) do
    person:send(row[1])
    person:expect(row[2])
  end
end

sim.case("takes an order, which waits for a baker", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  talk(alice, {
    { "/order", "Which bread?\n1. Rye\n2. Spelt\n3. White" },
    { "2", "How many?" },
    { "100", "Please between 1 and 20." },
    { "3", "Shall we slice it?" },
    { "yes", "bread: Spelt\ncount: 3\nslices: yes\nShall we bake that?" },
    { "yes", "Thank you. You hear from us when a baker has it." },
  })
  net:advance("10m")
  net:restart()
  alice:expect_none()
  talk(bob, {
    { "/shift on", "You may not do that." },
    { "/pair 1234", "This code is wrong or used." },
    { "/pair " .. net.bot.state.code, "Welcome. Send /shift on when you are there." },
    { "/shift on", "You get the orders." },
  })
  bob:expect("For alice: 3 x Spelt, sliced")
  alice:expect("A baker has your order.")
  talk(bob, { { "/shift off", "Good night." }, { "/help", { contains = "/shift" } } })
end)
