local sim = require "simplex.sim"

local function talk(person, rows)
  for _, row in ipairs(rows) do
    person:send(row[1])
    person:expect(row[2])
  end
end

sim.case("asks, checks, confirms", function(net)
  local alice = net:user("alice"):connect()
  talk(alice, {
    { "/order", "Which pizza?\n1. Margherita\n2. Funghi" },
    { "Hawaii", "Please choose one of these: Margherita, Funghi" },
    { "2", "How many?" },
    { "many", "Please send a whole number." },
    { "50", "Please between 1 and 20." },
    { "/time", "true" },
    { "3", "Is it a gift?" },
    { "maybe", "Please answer yes or no." },
    { "Yes", "What shall the card say?" },
    { "much too long a text", "Please between 0 and 10 characters." },
    { "Grüße", "When?" },
    { "soon", "Please send a date as 2026-12-24." },
    { "2001-01-01", "That is over." },
    { "2100-03-01", "what: Funghi\ncount: 3\ngift: yes\ncard: Grüße\nat: 2100-03-01\nIs that right?" },
    { "what?", "Please answer yes or no." },
    { "no", "Which pizza?\n1. Margherita\n2. Funghi" },
    { "margherita", "How many?" },
    { "1", "Is it a gift?" },
    { "no", "When?" },
    { "2100-03-01", "what: Margherita\ncount: 1\ngift: no\nat: 2100-03-01\nIs that right?" },
    { "yes", { pattern = '^done {' } },
    { "hello", "heard hello" },
    { "/time", "false" },
  })
end)

sim.case("each has a form of their own, and can leave it", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  talk(alice, { { "/mail", "Your address?" } })
  talk(bob, { { "hello", "heard hello" }, { "/mail", "Your address?" }, { "STOP", "As you like." }, { "stop", "heard stop" } })
  talk(alice, {
    { "nobody", "Please send an e-mail address." }, { "a@example.org", "Price?" }, { "2,5", "How long?" },
    { "1h 30m", "mail: a@example.org\nprice: 2.5\nwait: 1h 30m" }, { "/bad", "refused" },
  })
end)

sim.case("waits only so long", function(net)
  local alice = net:user("alice"):connect()
  talk(alice, { { "/order", { contains = "Which" } } })
  net:advance("9m")
  talk(alice, { { "1", "How many?" } })
  net:advance("9m")
  alice:expect_none()
  net:advance("1m")
  alice:expect("That took too long; begin again when you like.")
  talk(alice, { { "1", "heard 1" } })
end)

sim.case("goes on after a restart, and ends in time after one", function(net)
  local alice = net:user("alice"):connect()
  talk(alice, { { "/order", { contains = "Which" } }, { "1", "How many?" } })
  net:restart()
  talk(alice, { { "4", "Is it a gift?" } })
  net:kill()
  net:advance("10m")
  alice:expect("That took too long; begin again when you like.")
end)

sim.case("a kill puts no answer under another question", function(net)
  local alice = net:user("alice"):connect()
  talk(alice, { { "/slow", "Who?" } })
  net:advance("1s")
  talk(alice, { { "Anna", "Street?" } })
  net:kill { unmarked = true }
  alice:expect("Street?")
  talk(alice, { { "Elm", { contains = "How large?" } } })
  net:advance("1s")
  talk(alice, { { "7", { contains = "choose" } } })
  net:kill { unmarked = true }
  alice:expect({ contains = "How large?" })
  talk(alice, { { "5", "to Anna, Elm, size 5" }, { "hello", "heard hello" } })
  net:kill { unmarked = true }
  alice:expect("heard hello") -- the answer before it is known
end)

sim.case("several answers that come again", function(net)
  local alice = net:user("alice"):connect()
  for _, text in ipairs { "before", "/slow", "Anna", "Elm" } do alice:send(text) end
  for _, want in ipairs { "heard before", "Who?", "Street?", { contains = "How large?" } } do alice:expect(want) end
  net:kill { unmarked = true } -- /slow begins anew
  for _, want in ipairs { "heard before", "Who?", "Street?", { contains = "How large?" } } do alice:expect(want) end
  talk(alice, { { "5", "to Anna, Elm, size 5" } })
end)

sim.case("a kill while the answers are handed over", function(net)
  local alice = net:user("alice"):connect()
  talk(alice, { { "/slow", "Who?" }, { "Slow", "Street?" }, { "Elm", { contains = "How large?" } } })
  alice:send("10")
  net:advance("5s")
  net:kill()
  alice:expect("to Slow, Elm, size 10")
  net:kill { unmarked = true }
  alice:expect_none("1h")
  talk(alice, { { "hello", "heard hello" } })
end)

sim.case("a cancelled form that comes again", function(net)
  local alice = net:user("alice"):connect()
  talk(alice, { { "/slow", "Who?" }, { "cancel", "Cancelled." } })
  net:kill { unmarked = true }
  alice:expect("Who?") -- /slow came again, too
  alice:expect("Cancelled.")
  talk(alice, { { "hello", "heard hello" } })
end)

sim.case("where done fails, the last answer can be sent again", function(net)
  local alice = net:user("alice"):connect()
  talk(alice, { { "/slow", "Who?" }, { "Fail", "Street?" }, { "Elm", { contains = "How large?" } } })
  alice:send("5")
  net.bot:expect_error({ contains = "the printer burns" })
  talk(alice, { { "10", "to Fail, Elm, size 10" }, { "hello", "heard hello" } })
end)

sim.case("goes on after a restart with many others", function(net)
  local alice = net:user("alice"):connect()
  alice:send("/fill")
  talk(alice, { { "/slow", "Who?" } })
  net:restart()
  talk(alice, { { "Anna", "Street?" } })
end)

sim.case("choices that are numbers", function(net)
  local alice = net:user("alice"):connect()
  talk(alice, { { "/slow", "Who?" }, { "Anna", "Street?" }, { "Elm", { contains = "How large?" } }, { "2", "to Anna, Elm, size 2" } })
  talk(alice, { { "/slow", "Who?" }, { "Anna", "Street?" }, { "Elm", { contains = "How large?" } }, { "3", "to Anna, Elm, size 2" } })
end)
