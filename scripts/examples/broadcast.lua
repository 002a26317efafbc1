-- A news channel: people subscribe, whoever publishes reaches them all.
-- Send /subscribe, /unsubscribe, /publish TEXT (the first subscriber publishes), /count.
-- Run: simplex-lua dev scripts/examples/broadcast.lua

local people = require "people"
local store = require "store"

local subscribers, settings = store.open "subscribers", store.open "settings"

bot.configure {
  profile = { display_name = "News" },
  welcome = "Send /subscribe to get the news.",
  commands = {
    { keyword = "subscribe", label = "Get the news" },
    { keyword = "unsubscribe", label = "No more news" },
    { keyword = "count", label = "How many subscribe" },
  },
}

-- A contact's id can be given to somebody else after a deletion. A chat that is kept as a whole says when it came to be,
-- too, and bot.broadcast writes to none that has become another one's.
local function all()
  local chats = {}
  for i, entry in ipairs(subscribers:list("", { limit = 10000 })) do
    chats[i] = entry.value
  end
  return chats
end

local direct = { chat_type = "direct" }

bot.on_command("subscribe", direct, function(msg)
  local me = people.chat(msg)
  subscribers:set(me, msg.chat)
  settings:update("publisher", function(publisher) return publisher or me end)
  msg:reply("Welcome. You'll get the news.")
end)

bot.on_command("unsubscribe", direct, function(msg)
  subscribers:delete(people.chat(msg))
  msg:reply("Goodbye.")
end)

bot.on_command("count", direct, function(msg)
  local n = #all()
  msg:reply(n .. (n == 1 and " subscriber" or " subscribers"))
end)

bot.on_command("publish", direct, function(msg, cmd)
  if people.chat(msg) ~= settings:get("publisher") then
    return msg:reply("Only the publisher may do that.")
  end
  local result = bot.broadcast(all(), "News: " .. cmd.args)
  msg:reply(("Sent to %d, failed for %d."):format(#result.sent, #result.failed))
end)
