-- Reminds you, also when the bot was off at the time: it keeps what is due in its store.
-- Send /remind 10m tea and get "Reminder: tea" after ten minutes; /reminders lists yours.
-- Run: simplex-lua dev scripts/examples/reminder.lua

local store = require "store"
local time = require "time"
local crypto = require "crypto"

local due = store.open "reminders"

bot.configure {
  profile = { display_name = "Reminder" },
  welcome = "Send /remind 10m tea, and I remind you.",
  commands = { { keyword = "reminders", label = "What is due" } },
}

-- Sends what is due. Its key says whose it is and goes only after the message went,
-- so that nothing is forgotten where the bot ends in between.
local function look()
  for _, entry in ipairs(due:list("")) do
    if entry.value.at <= os.time() then
      local ok, err = pcall(bot.send, entry.value.chat, "Reminder: " .. entry.value.text)
      if not ok then
        log.warn("not reminded", { error = err.message })
      end
      due:delete(entry.key)
    end
  end
end

bot.every("10s", look, { name = "look", catch_up = true })

bot.on_command("remind", function(msg, cmd)
  local delay, text = cmd.args:match("^(%S+)%s+(.+)$")
  local seconds = time.duration(delay or "")
  if not seconds or seconds < 1 then
    return msg:reply("Send /remind 10m tea, or 2h, or 1d.")
  end
  due:set(msg.chat.ref .. "/" .. crypto.uuid(), { at = os.time() + seconds, chat = msg.chat.ref, text = text })
  msg:reply("I will remind you at " .. os.date("!%H:%M UTC", os.time() + seconds) .. ".")
end)

bot.on_command("reminders", function(msg)
  local lines = {}
  for _, entry in ipairs(due:list(msg.chat.ref .. "/")) do
    lines[#lines + 1] = os.date("!%d.%m. %H:%M ", entry.value.at) .. entry.value.text
  end
  table.sort(lines)
  msg:reply(#lines > 0 and table.concat(lines, "\n") or "Nothing is due.")
end)
