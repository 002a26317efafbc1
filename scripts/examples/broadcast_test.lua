-- Tests of broadcast.lua. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"

local function subscribed(net, name)
  local person = net:user(name):connect()
  person:send("/subscribe")
  person:expect("Welcome. You'll get the news.")
  return person
end

sim.case("sends the news to all", function(net)
  local alice, bob = subscribed(net, "alice"), subscribed(net, "bob")
  alice:send("/publish it works")
  alice:expect("News: it works")
  bob:expect("News: it works")
  alice:expect("Sent to 2, failed for 0.")
end)

sim.case("lets only the publisher publish", function(net)
  local alice, bob = subscribed(net, "alice"), subscribed(net, "bob")
  bob:send("/publish mine")
  bob:expect("Only the publisher may do that.")
  alice:expect_none()
end)

sim.case("counts", function(net)
  local alice, bob = subscribed(net, "alice"), subscribed(net, "bob")
  alice:send("/count")
  alice:expect("2 subscribers")
  bob:send("/unsubscribe")
  bob:expect("Goodbye.")
  alice:send("/count")
  alice:expect("1 subscriber")
end)

sim.case("knows its subscribers and its publisher after a restart", function(net)
  local alice, bob = subscribed(net, "alice"), subscribed(net, "bob")
  net:restart()
  bob:send("/subscribe")
  bob:expect("Welcome. You'll get the news.")
  bob:send("/publish mine")
  bob:expect("Only the publisher may do that.")
  alice:send("/publish it works")
  alice:expect("News: it works")
  bob:expect("News: it works")
end)
