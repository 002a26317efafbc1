-- How the module queue finds, begins and ends its jobs.
--
--   look ─▶ enqueue ─▶ wake, pump ─▶ run: claim ─▶ the function ─▶ done, failed or given up

local time = require "time"

local M = {}

-- How many entries of the store are read at once.
M.page = 500

local longest_backoff = 3600

-- The key of a job in the store.
function M.job_key(id)
  return "job/" .. id
end

-- The key of one that was given up.
function M.dead_key(id)
  return "dead/" .. id
end

-- Tells whether a is after b in the queue.
local function is_later(a, b)
  if a.due ~= b.due then
    return a.due > b.due
  end
  return a.seq > b.seq
end

-- Sets when the queue is looked at next.
local function wake(self)
  if self.alarm then
    self.alarm:remove()
    self.alarm = nil
  end
  local next = self.order[#self.order]
  if next and self.started and self.running < self.concurrency then
    self.alarm = bot.after(math.max(next.due - time.now(), 0), function()
      self.alarm = nil
      M.pump(self)
    end)
  end
end

-- Returns where an entry stands in the order, or is to stand.
local function place(order, entry)
  local from, to = 1, #order + 1
  while from < to do
    local middle = math.floor((from + to) / 2)
    if is_later(order[middle], entry) then
      from = middle + 1
    else
      to = middle
    end
  end
  return from
end

-- Puts a job into the order in memory. One that is there moves forward where it is due earlier than was known: the
-- version of the script that ran it has given it back.
function M.enqueue(self, id, due)
  local known = self.known[id]
  if self.active[id] or known and known.due <= due then
    return
  elseif known then
    table.remove(self.order, place(self.order, known))
  end
  self.seq = self.seq + 1
  local entry = { id = id, due = due, seq = self.seq }
  self.known[id] = entry
  table.insert(self.order, place(self.order, entry), entry)
end

-- How long a job waits after its failure.
local function pause(self, attempt)
  if type(self.backoff) == "function" then
    local ok, wait = pcall(self.backoff, attempt)
    if ok and type(wait) == "number" and wait >= 0 then
      return wait
    end
    log.error("queue: backoff did not return a number of seconds", { queue = self.name, got = tostring(wait) })
    return longest_backoff
  end
  return math.min(self.backoff * 2 ^ (attempt - 1), math.max(self.backoff, longest_backoff))
end

-- Moves a job to the dead ones. It is written there before it is deleted here.
local function bury(self, id, job, reason)
  log.error("queue: a job was given up", { queue = self.name, id = id, attempts = job.attempts, err = reason })
  self.store:set(M.dead_key(id), {
    payload = job.payload, added = job.added, attempts = job.attempts, error = reason, died = time.now(),
  })
  self.store:delete(M.job_key(id))
end

-- Takes a job that is due, for this version of the script; nil where it is not there any more or not to be run.
local function claim(self, id)
  local now = time.now()
  local due, spent
  local job = self.store:update(M.job_key(id), function(job)
    due = job and (job.running_until or job.due)
    spent = job and job.attempts > self.retries
    if job and due <= now + 0.001 and not spent then
      job.attempts = job.attempts + 1
      job.worker, job.running_until = self.me, now + self.timeout
    end
    return job
  end)
  if not job then
    return nil
  end
  if due > now + 0.001 then
    return nil, due
  end
  if spent then
    -- Its last attempt ended with the process, or with a handler that was cut.
    bury(self, id, job, job.error or "it did not end")
    return nil
  end
  return job
end

-- Writes down that a job has failed, and returns when it is due again, nil for never.
local function failed(self, id, attempt, err)
  local reason = tostring(err):sub(1, 1000)
  if attempt > self.retries then
    local job = self.store:get(M.job_key(id))
    if job then
      bury(self, id, job, reason)
    end
    return
  end
  local due = time.now() + pause(self, attempt)
  self.store:update(M.job_key(id), function(job)
    if job then
      job.due, job.error, job.worker, job.running_until = due, reason, nil, nil
    end
    return job
  end)
  log.warn("queue: a job failed and is tried again", { queue = self.name, id = id, attempt = attempt, err = reason })
  return due
end

-- Runs a job, if this version of the script is still the one that works. It returns when the job is due again, nil
-- for never.
local function run(self, id)
  if self.store:get("worker") ~= self.me then
    self.started = false
    return
  end
  local job, due = claim(self, id)
  if not job then
    return due
  end
  local ok, err = pcall(self.fn, { id = id, payload = job.payload, attempt = job.attempts, added = job.added })
  if ok then
    self.store:delete(M.job_key(id))
    return
  end
  return failed(self, id, job.attempts, err)
end

-- Starts as many of the jobs that are due as may run. It does not wait.
function M.pump(self)
  while self.started and self.running < self.concurrency do
    local next = self.order[#self.order]
    if not next or next.due > time.now() + 0.001 then
      break
    end
    table.remove(self.order)
    self.known[next.id] = nil
    self.running = self.running + 1
    self.active[next.id] = time.now() + self.timeout
    bot.spawn(function()
      local ok, due = pcall(run, self, next.id)
      if self.active[next.id] then -- else it was taken for lost
        self.active[next.id] = nil
        self.running = self.running - 1
      end
      if not ok then
        log.error("queue: the store could not be used", { queue = self.name, err = tostring(due) })
      elseif due then
        M.enqueue(self, next.id, due)
      end
      M.pump(self)
    end)
  end
  wake(self)
end

-- Looks for jobs in the store: all of them at the start, later those that another version of the script left. Each
-- page is a task of its own, so that a long queue is no long handler.
function M.look(self, fresh, after)
  local list = self.store:list("job/", { limit = M.page, after = after })
  for _, e in ipairs(list) do
    local id, job = e.key:sub(5), e.value
    if fresh and job.running_until then
      -- Nobody else works on this queue: the process died that ran it.
      self.store:update(e.key, function(j)
        if j then
          j.worker, j.running_until = nil, nil
        end
        return j
      end)
      job.running_until = nil
    end
    M.enqueue(self, id, job.running_until or job.due)
  end
  M.pump(self)
  if #list == M.page then
    bot.spawn(function() M.look(self, fresh, list[#list].key) end)
  end
end

-- Forgets jobs of ours that have not ended in time; the store has them.
function M.forget_lost(self)
  for id, till in pairs(self.active) do
    if till <= time.now() then
      self.active[id] = nil
      self.running = self.running - 1
    end
  end
end

-- Gives back what this version of the script has not ended.
function M.give_back(self)
  for id in pairs(self.active) do
    self.store:update(M.job_key(id), function(job)
      if job and job.worker == self.me then
        job.worker, job.running_until = nil, nil
      end
      return job
    end)
  end
end

return M
