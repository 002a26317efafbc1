-- Functions that whole lines pass, one after the other. See client.handlers.

local check = require "check"

-- The functions that lines pass: a list, the first one first. Each gets next, the line and the client; what it hands
-- to next goes on, and without that the line ends there.
local Chain = {}
Chain.__index = Chain

local M = {}

function M.new(...)
  return setmetatable({ ... }, Chain)
end

-- Adds a function: in front, or at a place, as table.insert.
function Chain:insert(at, fn)
  if fn == nil then
    at, fn = 1, at
  end
  check.arg(at, "insert: the place", "integer")
  check.arg(fn, "insert: the handler", "function")
  if at < 1 or at > #self + 1 then
    check.fail("argument", ("insert: there is no place %d in a list of %d"):format(at, #self))
  end
  table.insert(self, at, fn)
end

-- Removes a function, or the one at a place, and tells whether there was one.
function Chain:remove(which)
  for i = 1, #self do
    if i == which or self[i] == which then
      table.remove(self, i)
      return true
    end
  end
  return false
end

-- Removes all functions, also the one that makes events of incoming lines.
function Chain:clear()
  for i = #self, 1, -1 do
    self[i] = nil
  end
end

-- Lets a line pass; what comes out at the end is handed to last.
function M.run(chain, client, line, last)
  local function step(i, text)
    check.arg(text, "next: the line", "string")
    local fn = chain[i]
    if not fn then
      return last(text)
    end
    return fn(function(changed) return step(i + 1, changed) end, text, client)
  end
  return step(1, line)
end

return M
