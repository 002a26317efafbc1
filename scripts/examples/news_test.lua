-- Tests of news.lua. Run: simplex-lua test scripts/examples
-- The project's own tests give it a server: allow: env=FEED_URL net=127.0.0.1

local sim = require "simplex.sim"

local url = os.getenv "FEED_URL"

local function chat(net)
  local alice = net:user("alice"):connect()
  local group = net:group("news", { alice, bot = "member" })
  return alice:in_group(group)
end

sim.case("says what cannot be read", function(net)
  local alice = chat(net)
  alice:send("/follow https://example.org/rss")
  alice:expect({ contains = "I cannot read that" })
  alice:send("/unfollow https://example.org/rss")
  alice:expect("I do not follow that.")
  alice:send("/feeds")
  alice:expect("I follow nothing here.")
  net:advance("20m")
  alice:expect_none()
end)

if url then
  sim.case("posts what is new", function(net)
    local alice = chat(net)
    alice:send("/follow " .. url)
    alice:expect("*Second*\nhttps://example.org/2") -- the older one is not news
    alice:expect_none("5m")
    alice:send("/feeds")
    alice:expect(url)
    alice:expect("*Third*\nhttps://example.org/3", { within = "20m" }) -- the server has one more each time
    alice:send("/unfollow " .. url)
    alice:expect("No more of that.")
    alice:expect_none("1h")
  end)
end
