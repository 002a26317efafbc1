-- Which events a client has, and how those that wait for some choose.

local check = require "check"

local M = {}

local events = { message = true, notification = true, command = true, session = true, connect = true, disconnect = true }

-- Checks the name of an event, and returns it.
function M.event(event, what)
  if not events[check.arg(event, what .. ": the event", "string")] then
    check.fail("argument", ("%s: there is no event %q; there are message, notification, command, session, connect and disconnect"):format(what, event))
  end
  return event
end

-- Makes a test of a filter: a function of the envelope, or fields that it has.
function M.filter(filter, what)
  if type(check.arg(filter, what .. ": the filter", "function|table?")) ~= "table" then
    return filter or function() return true end
  end
  return function(e)
    for key, value in pairs(filter) do
      if e[key] ~= value then
        return false
      end
    end
    return true
  end
end

return M
