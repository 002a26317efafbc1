-- Tests of museum.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

local function talk(person, rows)
  for _, row in ipairs(rows) do
    person:send(row[1])
    person:expect(row[2])
  end
end

sim.case("answers in the visitor's language", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  talk(alice, {
    { "Are you open on Sunday?", "Yes, from 10 to 18." },
    { "open on Monday?", "No, come on another day." },
    { "/language de", "de (en, de)" },
    { "Habt ihr am Samstag geöffnet?", "Ja, von 10 bis 20." },
    { "/story", "Es war einmal ein König. Er mochte Brot." },
  })
  talk(bob, { { "/story", "Once there was a king. He liked bread." } })
  bob:send("hello")
  bob:expect_none()
end)

sim.case("lets guides switch its parts", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  talk(alice, {
    { "/plugin disable story", "You may not do that." },
    { "/pair 1234", "This code is wrong or used." },
    { "/pair " .. net.bot.state.code, "Welcome. Send /plugin." },
    { "/plugin disable story here", "hours: on - when it is open\nstory: off - tells a story" },
  })
  alice:send("/story")
  alice:expect_none("1m")
  talk(bob, { { "/story", { contains = "a king" } } })
end)
