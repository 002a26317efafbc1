-- The events of a client, handled one after the other, each in a task of its own.
--
-- A handler that waits for a further event gives the lane up, as ask does, so that what it waits for can come. A
-- handler that was cut leaves a dead coroutine; the next event then takes the lane.

local promise = require "promise"

local M = {}

-- Events that wait; the client reads no more lines while there are as many.
local capacity = 1000

function M.new()
  return { first = 1, last = 0 }
end

-- Calls the functions of an event; an error ends only the one that raised it, and is reported.
local function handle(functions, event)
  for _, fn in ipairs(functions) do
    local ok, err = pcall(fn, event)
    if not ok then
      bot.spawn(function() error(err, 0) end)
    end
  end
end

-- Begins the next event unless one is under way.
function M.advance(lane)
  local job = lane[lane.first]
  if not job or lane.holder and coroutine.status(lane.holder) ~= "dead" then
    return
  end
  lane[lane.first] = nil
  lane.first = lane.first + 1
  if lane.room then
    lane.room:resolve()
    lane.room = nil
  end
  local holder = coroutine.create(handle)
  lane.holder = holder
  bot.spawn(function()
    coroutine.resume(holder, job.functions, job.event)
    if lane.holder == holder then
      lane.holder = nil
    end
    M.advance(lane)
  end)
end

function M.push(lane, functions, event)
  lane.last = lane.last + 1
  lane[lane.last] = { functions = functions, event = event }
  M.advance(lane)
end

-- Lets the next event begin beside the handler that calls this, if it is the one that holds the lane.
function M.release(lane)
  if lane.holder and coroutine.running() == lane.holder then
    lane.holder = nil
    M.advance(lane)
  end
end

-- Waits until there is room for further events.
function M.wait_for_room(lane)
  while lane.last - lane.first + 1 >= capacity do
    lane.room = lane.room or promise.new()
    lane.room:wait(1)
    M.advance(lane) -- where a handler was cut
  end
end

return M
