-- Keeps a group tidy: removes messages with forbidden words, and lets
-- moderators manage the list of their group: /forbid word, /allow word, /words.
-- Run: simplex-lua dev scripts/examples/moderator.lua; then :as bob, :as you, :group team, :as bob, :to #team, and write "spam"

local people = require "people"
local store = require "store"

local lists = store.open "words" -- by group, for anybody may invite the bot to theirs

bot.configure {
  profile = { display_name = "Moderator", short_descr = "Keeps groups tidy" },
  welcome = "Add me to a group as a moderator.",
}

bot.on_event("receivedGroupInvitation", function(event)
  bot.api.join_group(event.groupInfo.groupId)
end)

local staff = { chat_type = "group", min_role = "moderator" }

bot.on_command({ "forbid", "allow" }, staff, function(msg, cmd)
  local word, forbid = cmd.args:lower(), cmd.keyword == "forbid"
  if word == "" then
    return msg:reply("Which word?")
  end
  lists:update(people.chat(msg), function(words)
    words = words or { spam = true }
    words[word] = forbid or nil
    return words
  end)
  msg:reply((forbid and "Forbidden: " or "Allowed: ") .. word)
end)

bot.on_command("words", staff, function(msg)
  local words = {}
  for word in pairs(lists:get(people.chat(msg), { spam = true })) do
    words[#words + 1] = word
  end
  table.sort(words)
  msg:reply(#words > 0 and "Forbidden: " .. table.concat(words, ", ") or "Nothing is forbidden.")
end)

local others = { "observer", "author", "member" } -- what staff writes stays

bot.on_message({ chat_type = "group", content_type = "text", from_role = others }, function(msg)
  local words = lists:get(people.chat(msg), { spam = true })
  for word in msg.text:lower():gmatch("[%w']+") do
    if words[word] then
      msg:moderate()
      bot.send(msg.chat, ("%s, please: no %s here."):format(msg.sender.name, word))
      return
    end
  end
end)
