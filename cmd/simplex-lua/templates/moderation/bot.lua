-- Keeps a group tidy: removes messages with forbidden words and floods.
-- Moderators send /forbid WORD, /permit WORD and /words in the group.
-- Try it: simplex-lua dev, then :as bob, :group team, :to #team, and /forbid spam

local limit = require "limit"
local people = require "people"
local store = require "store"

bot.configure {
  profile = { display_name = "BOTNAME", short_descr = "Keeps groups tidy" },
  welcome = "Add me to a group, and make me a moderator there.",
}

local words = store.open "words" -- by group, for anybody may invite the bot to theirs
local pace = limit.new { rate = 10, per = "30s" }

bot.on_event("receivedGroupInvitation", function(event)
  bot.api.join_group(event.groupInfo.groupId)
end)

local function key(msg, word)
  return people.chat(msg) .. " " .. word
end

local staff = { chat_type = "group", min_role = "moderator" }

bot.on_command("forbid", staff, function(msg, cmd)
  if cmd.args == "" then
    return msg:reply("Which word?")
  end
  words:set(key(msg, cmd.args:lower()), true)
  msg:reply("Forbidden: " .. cmd.args:lower())
end)

bot.on_command("permit", staff, function(msg, cmd)
  words:delete(key(msg, cmd.args:lower()))
  msg:reply("Permitted: " .. cmd.args:lower())
end)

bot.on_command("words", staff, function(msg)
  local list = {}
  for i, entry in ipairs(words:list(key(msg, ""))) do
    list[i] = entry.key:sub(#key(msg, "") + 1)
  end
  msg:reply(#list > 0 and "Forbidden: " .. table.concat(list, ", ") or "Nothing is forbidden.")
end)

bot.on_message({ chat_type = "group", content_type = "text" }, function(msg)
  if not pace:allow(msg) then
    return msg:moderate()
  end
  for word in msg.text:lower():gmatch("[%w']+") do
    if words:get(key(msg, word)) then
      msg:moderate()
      return bot.send(msg.chat, ("%s, please: no %s here."):format(msg.sender.name, word))
    end
  end
end)
