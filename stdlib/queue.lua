-- Jobs that are kept until they are done, over restarts and kill -9, and tried again where they fail.
--
--   local queue = require "queue"
--   local mails = queue.open("mails", { retries = 3, backoff = "30s" })
--   mails:work(function(job) http.post("https://mail.example/send", { json = job.payload }) end)
--   bot.on_command("mail", function(msg, cmd) mails:push { text = cmd.args } msg:reply("It will be sent.") end)

local check = require "check"
local crypto = require "crypto"
local pages = require "store.pages"
local run = require "queue.run"
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
    known = {}, -- the same by their ids
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
    run.look(self, reason == "start")
  end)
  bot.every(look_again, function()
    if self.started then
      run.forget_lost(self)
      run.look(self, false)
    end
  end)
  bot.on_stop(function()
    self.started = false
    run.give_back(self)
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
  self.store:update(run.job_key(id), function(job)
    added = not job
    return job or { payload = payload, added = now, due = due, attempts = 0 }
  end)
  if added and self.started then
    run.enqueue(self, id, due)
    run.pump(self)
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
  for i, e in ipairs(self.store:list("dead/", { limit = o.limit or 100, after = o.after and run.dead_key(o.after) })) do
    list[i] = e.value
    list[i].id = e.key:sub(6)
  end
  return list
end

---Lets a job that was given up be tried again, with all its attempts, and tells whether there was one.
---@param id string
---@return boolean
function Queue:retry(id)
  local job = self.store:get(run.dead_key(check.arg(id, "queue:retry: the id", "string")))
  if not job then
    return false
  end
  local now = time.now()
  self.store:update(run.job_key(id), function(other)
    return other or { payload = job.payload, added = job.added, due = now, attempts = 0 }
  end)
  self.store:delete(run.dead_key(id))
  if self.started then
    run.enqueue(self, id, now)
    run.pump(self)
  end
  return true
end

---Forgets a job that was given up, and tells whether there was one.
---@param id string
---@return boolean
function Queue:drop(id)
  return self.store:delete(run.dead_key(check.arg(id, "queue:drop: the id", "string")))
end

---Counts the jobs: those that wait, those that run, and those that were given up. It reads all of them.
---@return { waiting: integer, running: integer, dead: integer }
function Queue:count()
  local counts = { waiting = 0, running = 0, dead = 0 }
  for _, prefix in ipairs { "job/", "dead/" } do
    for _, job in pages(self.store, prefix) do
      local kind = prefix == "dead/" and "dead" or job.running_until and "running" or "waiting"
      counts[kind] = counts[kind] + 1
    end
  end
  return counts
end

return M
