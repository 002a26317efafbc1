-- A bot for the tests of the module queue.
local queue = require "queue"

bot.configure { cpu_limit = 0.3 }

local jobs = queue.open("jobs", { retries = 2, backoff = 10 })
jobs:work(function(job)
  local p = job.payload
  if p.sleep then sleep(p.sleep) end
  if p.fail and job.attempt <= p.fail then error("attempt " .. job.attempt .. " fails") end
  if p.hang and job.attempt <= p.hang then
    bot.send(p.to, "begun")
    while true do end
  end
  bot.send(p.to, "did " .. p.text .. " (" .. job.attempt .. ")")
end)

local wide = queue.open("wide", { concurrency = 2, backoff = function(attempt) return attempt * 100 end })
wide:work(function(job)
  bot.send(job.payload.to, "start " .. job.payload.text)
  sleep(job.payload.text == "b" and 7 or 5)
  bot.send(job.payload.to, "end " .. job.payload.text)
end)

bot.on_command("push", function(msg, cmd)
  for text in cmd.args:gmatch("%S+") do jobs:push { text = text, to = msg.chat } end
end)
bot.on_command("later", function(msg, cmd) jobs:push({ text = cmd.args, to = msg.chat }, { delay = "1h" }) end)
bot.on_command("fail", function(msg, cmd) jobs:push({ text = "f", to = msg.chat, fail = tonumber(cmd.args) }, { id = "f" }) end)
bot.on_command("slow", function(msg) jobs:push { text = "slow", to = msg.chat, sleep = 300 } end)
bot.on_command("hang", function(msg, cmd) jobs:push({ text = "hang", to = msg.chat, hang = tonumber(cmd.args) }, { id = "h" }) end)
bot.on_command("wide", function(msg, cmd)
  for text in cmd.args:gmatch("%S+") do wide:push { text = text, to = msg.chat } end
end)
bot.on_command("once", function(msg)
  local _, first = jobs:push({ text = "x", to = msg.chat }, { id = "same", delay = 5 })
  local id, second = jobs:push({ text = "y", to = msg.chat }, { id = "same", delay = 5 })
  msg:reply(("%s %s %s"):format(id, tostring(first), tostring(second)))
end)
-- As a version of the script that a reload has ended leaves a job: it runs, and is given back when that one is cut.
bot.on_command("left", function(msg, cmd)
  local now = require("time").now()
  require("store").open("queue.jobs"):update("job/left", function(job)
    job = job or { payload = { text = "left", to = msg.chat.ref }, added = now, due = now, attempts = 1 }
    job.worker, job.running_until = cmd.args == "running" and "another" or nil, cmd.args == "running" and now + 600 or nil
    return job
  end)
end)
bot.on_command("count", function(msg)
  local c = jobs:count()
  msg:reply(("%d waiting, %d running, %d dead"):format(c.waiting, c.running, c.dead))
end)
bot.on_command("dead", function(msg)
  for _, job in ipairs(jobs:dead()) do
    msg:reply(("%s after %d: %s"):format(job.id, job.attempts, job.error:match("attempt %d+ fails") or job.error))
  end
end)
bot.on_command("retry", function(msg, cmd) msg:reply(tostring(jobs:retry(cmd.args))) end)
bot.on_command("drop", function(msg, cmd) msg:reply(tostring(jobs:drop(cmd.args))) end)
bot.on_command("bad", function(msg)
  for _, call in ipairs {
    function() queue.open() end, function() queue.open("jobs") end, function() queue.open("a", { retries = -1 }) end,
    function() queue.open("a", { retry = 1 }) end, function() jobs:work(print) end, function() jobs:push(print) end,
    function() jobs:push(1, { id = "" }) end, function() jobs:push(1, { dely = 1 }) end, function() jobs:retry() end,
  } do
    local ok, e = pcall(call)
    assert(not ok and e.type == "argument", e)
  end
  msg:reply("ok")
end)
