-- Tests of directory.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

local link = "https://smp1.example.org/g#abc"

sim.case("adds, finds and removes", function(net)
  local alice, bob = net:user("alice"):connect(), net:user("bob"):connect()
  alice:send("/add " .. link .. " Friends of trees")
  alice:expect("Added as number 1.")
  bob:send("/search TREES")
  bob:expect("1. Friends of trees\n" .. link)
  bob:send("/search rocks")
  bob:expect("Nothing found.")
  bob:send("/remove 1")
  bob:expect("You have added no group of that number.")
  alice:send("/remove 1")
  alice:expect("Removed.")
  bob:send("/search trees")
  bob:expect("Nothing found.")
end)

sim.case("wants the link of a group", function(net)
  local alice = net:user("alice"):connect()
  for _, text in ipairs { "/add", "/add trees", "/add https://example.org trees", "/add " .. link } do
    alice:send(text)
    alice:expect({ contains = "Send /add, the link" })
  end
end)
