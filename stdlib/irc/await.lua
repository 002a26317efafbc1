-- Handlers that wait for events of a client. What resolves them is client:trigger.

local check = require "check"
local events = require "irc.events"
local lane = require "irc.lane"
local promise = require "promise"

-- Waits for one of some events, or for all, and returns the last one and what came, by the names; nil at the time-out.
return function(self, names, timeout, all, what)
  local waiter = { names = {}, came = {}, all = all, promise = promise.new() }
  for _, name in ipairs(names) do
    waiter.names[events.canonical(check.arg(name, what .. ": the event", "string"))] = true
  end
  timeout = check.arg(timeout, what .. ": the time-out", "duration?") or 900
  self.waiters[#self.waiters + 1] = waiter
  lane.release(self.lane)
  local came, e = waiter.promise:wait(timeout)
  if came then
    if waiter.link then
      waiter.link:release()
    end
    return e, waiter.came
  end
  for i, other in ipairs(self.waiters) do
    if other == waiter then
      table.remove(self.waiters, i)
      break
    end
  end
  return nil
end
