-- How fast a client may send: a token bucket. Servers end the connections of those that send too fast.

local check = require "check"
local time = require "time"

local Flood = {}
Flood.__index = Flood

local M = {}

-- Seconds that a line may wait for its turn.
local longest = 120

function M.new(rate, burst)
  return setmetatable({ rate = rate, burst = burst, debt = 0, at = time.now() }, Flood)
end

local function settle(self)
  local now = time.now()
  self.debt = math.max(self.debt - math.max(now - self.at, 0) * self.rate, 0)
  self.at = now
end

-- Tells whether a line would have to wait.
function Flood:waiting()
  settle(self)
  return self.debt + 1 > self.burst
end

-- Counts a line, and returns after how many seconds it may go.
function Flood:charge()
  settle(self)
  local wait = (self.debt + 1 - self.burst) / self.rate
  if wait > longest then
    check.fail("limit", ("irc: the line would wait for %d s: too much is to be sent"):format(wait), "The option flood says how fast lines go.")
  end
  self.debt = self.debt + 1
  return math.max(wait, 0)
end

-- Waits until a line may go. Lines go in the order in which they ask.
function Flood:pace()
  local wait = self:charge()
  if wait > 0 then
    sleep(wait)
  end
end

return M
