-- Jobs that are kept until they are done, over restarts and kill -9, and tried again where they fail.
--
--   local queue = require "queue"
--   local mails = queue.open("mails", { retries = 3, backoff = "30s" })
--   mails:work(function(job) http.post("https://mail.example/send", { json = job.payload }) end)
--   bot.on_command("mail", function(msg, cmd) mails:push { text = cmd.args } msg:reply("It will be sent.") end)

local check = require "check"
local crypto = require "crypto"
local store = require "store"
local time = require "time"

---The module: `local queue = require "queue"`. A job is done at least once: when its function returns, it is
---forgotten; when that raises an error, or the bot dies meanwhile, it is tried again. So the function should bear
---to run twice with the same payload.
---@class queue
local M = {}

---What queue.open makes. Its methods wait, but for work.
---@class Queue
local Queue = {}
Queue.__index = Queue

---@class Job
---@field id string
---@field payload any
---@field attempt integer 1 for the first
---@field added number when it was pushed, in seconds since 1970

---@class QueueOptions
---@field retries? integer how often a job is tried again (default 5)
---@field backoff? number|string|fun(attempt: integer): number after which time; a number is doubled with each attempt, up to an hour (default "10s")
---@field concurrency? integer how many jobs run side by side (default 1)
---@field timeout? number|string after which time a job counts as lost, as one whose handler was cut, and is tried again (default "10m")

-- How often the store is asked for jobs that this version of the script does not know of.
local look_again = 60
local page = 500
local longest_backoff = 3600

-- The names that are open, for two would take each other's jobs.
local open = {}

---Opens a queue. It belongs at the top of the script.
---@param name string
---@param options? QueueOptions
---@return Queue
function M.open(name, options)
  check.arg(name, "queue.open: the name", "string")
  local o = check.options(options, "queue.open", {
    retries = "integer?", backoff = "number|string|function?", concurrency = "integer?", timeout = "duration?",
  })
  local q = setmetatable({
    name = name,
    retries = o.retries or 5,
    backoff = o.backoff or 10,
    concurrency = o.concurrency or 1,
    timeout = o.timeout or 600,
    store = store.open("queue." .. name),
    me = crypto.uuid(), -- this version of the script
    order = {}, -- what waits: { id, due, seq }, the next one last
    known = {}, -- the ids in order
    active = {}, -- by id: until when a job of ours counts as running
    running = 0,
    seq = 0,
    pushed = 0,
  }, Queue)
  if type(q.backoff) == "string" then
    q.backoff = time.duration(q.backoff)
  end
  if q.retries < 0 or q.concurrency < 1 or q.timeout <= 0 or type(q.backoff) == "number" and q.backoff < 0 then
    check.fail("argument", "queue.open: want retries and a backoff of 0 or more, a concurrency of 1 or more and a timeout above 0")
  end
  if open[name] then
    check.fail("argument", ("queue.open: the queue %q is open already"):format(name))
  end
  open[name] = true
  return q
end

local function job_key(id)
  return "job/" .. id
end

local function dead_key(id)
  return "dead/" .. id
end

-- Tells whether a is after b in the queue.
local function is_later(a, b)
  if a.due ~= b.due then
    return a.due > b.due
  end
  return a.seq > b.seq
end

local pump

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
      pump(self)
    end)
  end
end

-- Puts a job into the order in memory.
local function enqueue(self, id, due)
  if self.known[id] or self.active[id] then
    return
  end
  self.known[id] = true
  self.seq = self.seq + 1
  local entry = { id = id, due = due, seq = self.seq }
  local from, to = 1, #self.order + 1
  while from < to do
    local middle = math.floor((from + to) / 2)
    if is_later(self.order[middle], entry) then
      from = middle + 1
    else
      to = middle
    end
  end
  table.insert(self.order, from, entry)
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
  self.store:set(dead_key(id), {
    payload = job.payload, added = job.added, attempts = job.attempts, error = reason, died = time.now(),
  })
  self.store:delete(job_key(id))
end

-- Takes a job that is due, for this version of the script; nil where it is not there any more or not to be run.
local function claim(self, id)
  local now = time.now()
  local due, spent
  local job = self.store:update(job_key(id), function(job)
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
    local job = self.store:get(job_key(id))
    if job then
      bury(self, id, job, reason)
    end
    return
  end
  local due = time.now() + pause(self, attempt)
  self.store:update(job_key(id), function(job)
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
    self.store:delete(job_key(id))
    return
  end
  return failed(self, id, job.attempts, err)
end

-- Starts as many of the jobs that are due as may run. It does not wait.
function pump(self)
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
        enqueue(self, next.id, due)
      end
      pump(self)
    end)
  end
  wake(self)
end

-- Looks for jobs in the store: all of them at the start, later those that another version of the script left. Each
-- page is a task of its own, so that a long queue is no long handler.
local function look(self, fresh, after)
  local list = self.store:list("job/", { limit = page, after = after })
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
    enqueue(self, id, job.running_until or job.due)
  end
  pump(self)
  if #list == page then
    bot.spawn(function() look(self, fresh, list[#list].key) end)
  end
end

-- Forgets jobs of ours that have not ended in time; the store has them.
local function forget_lost(self)
  for id, till in pairs(self.active) do
    if till <= time.now() then
      self.active[id] = nil
      self.running = self.running - 1
    end
  end
end

-- Gives back what this version of the script has not ended.
local function give_back(self)
  for id in pairs(self.active) do
    self.store:update(job_key(id), function(job)
      if job and job.worker == self.me then
        job.worker, job.running_until = nil, nil
      end
      return job
    end)
  end
end

---Declares the function that does the jobs. It belongs at the top of the script; jobs run from on_start on, beside the
---handlers, the oldest first. The function may wait; an error in it lets the job be tried again.
---
---```lua
---local orders = require("queue").open("orders", { concurrency = 4 })
---orders:work(function(job)
---  bot.send(job.payload.to, "Order " .. job.id .. " is on its way.")
---end)
---```
---@param fn fun(job: Job)
function Queue:work(fn)
  check.arg(fn, "queue:work", "function")
  if self.fn then
    check.fail("argument", ("queue:work: the queue %q has its function already"):format(self.name))
  end
  self.fn = fn
  bot.on_start(function(reason)
    self.store:set("worker", self.me)
    self.started = true
    look(self, reason == "start")
  end)
  bot.every(look_again, function()
    if self.started then
      forget_lost(self)
      look(self, false)
    end
  end)
  bot.on_stop(function()
    self.started = false
    give_back(self)
  end)
end

---@class PushOptions
---@field delay? number|string after which time it is due, seconds or "5m" (default: at once)
---@field id? string names the job: while there is one of that name, nothing is added (default: one of its own)

---Adds a job. When this returns, it is on disk.
---@param payload any plain data, as the store takes it
---@param options? PushOptions
---@return string id
---@return boolean added false where there is a job of that id
function Queue:push(payload, options)
  local o = check.options(options, "queue:push", { delay = "duration?", id = "string?" })
  if o.id and (o.id == "" or #o.id > 500) then
    check.fail("argument", "queue:push.id: want 1 to 500 bytes")
  end
  local now = time.now()
  self.pushed = self.pushed + 1
  -- Sorted by their ids, the jobs are in the order in which they were added.
  local id = o.id or ("%017.6f-%06d-%s"):format(now, self.pushed, self.me:sub(1, 8))
  local due, added = now + (o.delay or 0), false
  self.store:update(job_key(id), function(job)
    added = not job
    return job or { payload = payload, added = now, due = due, attempts = 0 }
  end)
  if added and self.started then
    enqueue(self, id, due)
    pump(self)
  end
  return id, added
end

---@class DeadJob
---@field id string
---@field payload any
---@field added number when it was pushed, in seconds since 1970
---@field died number when it was given up
---@field attempts integer
---@field error string of the last attempt

---Returns jobs that were given up, by their ids.
---@param options? { limit?: integer, after?: string } at most limit (default 100), from behind the id `after`
---@return DeadJob[]
function Queue:dead(options)
  local o = check.options(options, "queue:dead", { limit = "integer?", after = "string?" })
  local list = {}
  for i, e in ipairs(self.store:list("dead/", { limit = o.limit or 100, after = o.after and dead_key(o.after) })) do
    list[i] = e.value
    list[i].id = e.key:sub(6)
  end
  return list
end

---Lets a job that was given up be tried again, with all its attempts, and tells whether there was one.
---@param id string
---@return boolean
function Queue:retry(id)
  local job = self.store:get(dead_key(check.arg(id, "queue:retry: the id", "string")))
  if not job then
    return false
  end
  local now = time.now()
  self.store:update(job_key(id), function(other)
    return other or { payload = job.payload, added = job.added, due = now, attempts = 0 }
  end)
  self.store:delete(dead_key(id))
  if self.started then
    enqueue(self, id, now)
    pump(self)
  end
  return true
end

---Forgets a job that was given up, and tells whether there was one.
---@param id string
---@return boolean
function Queue:drop(id)
  return self.store:delete(dead_key(check.arg(id, "queue:drop: the id", "string")))
end

---Counts the jobs: those that wait, those that run, and those that were given up. It reads all of them.
---@return { waiting: integer, running: integer, dead: integer }
function Queue:count()
  local counts = { waiting = 0, running = 0, dead = 0 }
  for _, prefix in ipairs { "job/", "dead/" } do
    local after
    repeat
      local list = self.store:list(prefix, { limit = page, after = after })
      for _, e in ipairs(list) do
        local kind = prefix == "dead/" and "dead" or e.value.running_until and "running" or "waiting"
        counts[kind] = counts[kind] + 1
        after = e.key
      end
    until #list < page
  end
  return counts
end

return M
