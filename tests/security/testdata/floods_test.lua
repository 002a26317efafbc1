local sim = require "simplex.sim"

-- How an attack ends: by a bound of its own, or by the time that a handler has.
local ends = { "no more are taken", "have not ended yet", "cpu_limit exceeded" }

for _, name in ipairs {
  "spawned", "taken_back", "timers", "crons", "waiting", "triggers", "handlers", "promises", "map", "coroutines", "log", "json",
} do
  sim.case(name, { timeout = "2m" }, function(net)
    local mallory, bob = net:user("mallory"):connect(), net:user("bob"):connect()
    mallory:send("/attack " .. name)
    bob:send("/ping")
    bob:expect("pong")
    net.bot:expect_error(function(text)
      for _, part in ipairs(ends) do
        if text:find(part, 1, true) then return true end
      end
      return false
    end)
  end)
end
