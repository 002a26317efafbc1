-- What came for the handlers of a client, one job after the other, each in a task of its own.
--
-- A handler that waits for the other side lets the next job begin beside it, as ask does, so that what it waits for can
-- come. A handler that was cut leaves a dead coroutine; then the next job takes its place.

local promise = require "promise"

local Inbox = {}
Inbox.__index = Inbox

local M = {}

-- Jobs that wait, and jobs that have begun; while there are as many, the client reads no further.
local capacity, max_begun = 1000, 200

function M.new()
  return setmetatable({ jobs = {}, at = 1, later = {}, begun = {} }, Inbox)
end

-- Takes the oldest job. Two lists, since a table keeps the memory of what is deleted from it.
local function take(self)
  if self.at > #self.jobs then
    self.jobs, self.later, self.at = self.later, {}, 1
  end
  local job = self.jobs[self.at]
  self.at = self.at + (job and 1 or 0)
  return job
end

local function is_full(self)
  if #self.begun >= max_begun then
    local alive = {}
    for _, thread in ipairs(self.begun) do
      if coroutine.status(thread) ~= "dead" then
        alive[#alive + 1] = thread
      end
    end
    self.begun = alive
  end
  return #self.begun >= max_begun
end

-- Begins the next job, unless one is under way.
function Inbox:advance()
  if self.holder and coroutine.status(self.holder) ~= "dead" or is_full(self) then
    return
  end
  local job = take(self)
  if not job then
    return
  end
  local thread = coroutine.create(job)
  self.holder = thread
  self.begun[#self.begun + 1] = thread
  if self.room then
    self.room:resolve()
    self.room = nil
  end
  bot.spawn(function()
    local ok, err = coroutine.resume(thread)
    self:advance()
    if not ok then
      error(err, 0)
    end
  end)
end

-- Adds a function that is to run in its turn.
function Inbox:push(job)
  self.later[#self.later + 1] = job
  self:advance()
end

-- Lets the next job begin beside the one that calls this.
function Inbox:release()
  if self.holder and coroutine.running() == self.holder then
    self.holder = nil
    self:advance()
  end
end

-- Waits until there is room for further jobs.
function Inbox:wait_for_room()
  while #self.jobs - self.at + 1 + #self.later >= capacity do
    self.room = self.room or promise.new()
    self.room:wait(1)
    self:advance() -- where a handler was cut
  end
end

return M
