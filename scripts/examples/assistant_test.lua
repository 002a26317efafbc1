-- Tests of assistant.lua. Run: simplex-lua test scripts/examples
-- The project's own tests give it a server: allow: env=LLM_URL net=127.0.0.1

local sim = require "simplex.sim"

local served = os.getenv "LLM_URL"

sim.case("answers", function(net)
  local alice = net:user("alice"):connect()
  alice:send("What is the capital of France?")
  if served then
    local got = alice:expect({ contains = "Paris" })
    if got.text ~= "Paris, I think." then -- she saw it grow
      alice:expect_edit("Paris, I think.", { skip = true })
    end
  else -- nothing may be reached
    alice:expect("Sorry, that did not work.")
    net.bot:expect_error({ contains = "net=api.openai.com" })
  end
  alice:send("/new")
  alice:expect("Let us begin anew.", { skip = true })
end)

sim.case("has enough of somebody", function(net)
  local alice = net:user("alice"):connect()
  for _ = 1, 20 do
    alice:send("And now?")
    if not served then
      net.bot:expect_error({ contains = "net=api.openai.com" })
    end
  end
  alice:send("And now?")
  alice:expect({ contains = "enough for an hour" }, { skip = true })
end)
