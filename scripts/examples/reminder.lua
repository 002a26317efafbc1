-- Reminds you, also when the bot was off at the time: what is due waits in a queue, on disk.
-- Send /remind 10m tea and get "Reminder: tea" after ten minutes; /reminders lists what is due. In groups, too.
-- Run: simplex-lua dev scripts/examples/reminder.lua

local crypto = require "crypto"
local queue = require "queue"
local store = require "store"
local time = require "time"

local listed = store.open "reminders" -- by chat, for /reminders
local due = queue.open("reminders", { retries = 30, backoff = "1m" }) -- what cannot be sent is tried again for a day

bot.configure {
  profile = { display_name = "Reminder" },
  welcome = "Send /remind 10m tea, and I remind you.",
  commands = { { keyword = "reminders", label = "What is due" } },
}

bot.on_event("receivedGroupInvitation", function(event)
  bot.api.join_group(event.groupInfo.groupId)
end)

-- Where somebody asked: ids are given again, and a support chat is a place of its own.
local function place(msg)
  return msg.chat.ref .. "/" .. (msg.chat.created_at or "") .. "/"
end

-- The chat is kept as a whole: bot.broadcast sends nothing to one whose id is somebody else's by now.
due:work(function(job)
  local failure = bot.broadcast({ job.payload.chat }, "Reminder: " .. job.payload.text).failed[1]
  if failure then
    error(failure.error.message, 0)
  end
  listed:delete(job.payload.key)
end)

bot.on_command("remind", function(msg, cmd)
  local delay, text = cmd.args:match("^(%S+)%s+(.+)$")
  local seconds = time.duration(delay or "")
  if not seconds or seconds < 1 then
    return msg:reply("Send /remind 10m tea, or 2h, or 1d.")
  end
  local key, at = place(msg) .. crypto.uuid(), os.time() + seconds
  listed:set(key, { at = at, text = text }, { ttl = seconds + 86400 })
  due:push({ chat = msg.chat, text = text, key = key }, { delay = seconds })
  msg:reply("I will remind you at " .. os.date("!%H:%M UTC", at) .. ".")
end)

bot.on_command("reminders", function(msg)
  local lines = {}
  for _, entry in ipairs(listed:list(place(msg))) do
    lines[#lines + 1] = os.date("!%d.%m. %H:%M ", entry.value.at) .. entry.value.text
  end
  table.sort(lines)
  msg:reply(#lines > 0 and table.concat(lines, "\n") or "Nothing is due.")
end)
