-- Keeps a group tidy: removes messages with forbidden words, and lets
-- moderators manage the list: /forbid word, /allow word, /words.
-- Run: simplex-lua dev scripts/examples/moderator.lua; then :as bob, :as you, :group team, :as bob, :to #team, and write "spam"

bot.configure {
  profile = { display_name = "Moderator", short_descr = "Keeps groups tidy" },
  welcome = "Add me to a group as a moderator.",
}

bot.state = { words = { spam = true } }

bot.on_event("receivedGroupInvitation", function(event)
  bot.api.join_group(event.groupInfo.groupId)
end)

local staff = { chat_type = "group", min_role = "moderator" }

bot.on_command("forbid", staff, function(msg, cmd)
  local word = cmd.args:lower()
  if word == "" then
    return msg:reply("Which word?")
  end
  bot.state.words[word] = true
  msg:reply("Forbidden: " .. word)
end)

bot.on_command("allow", staff, function(msg, cmd)
  bot.state.words[cmd.args:lower()] = nil
  msg:reply("Allowed: " .. cmd.args:lower())
end)

bot.on_command("words", staff, function(msg)
  local words = {}
  for word in pairs(bot.state.words) do
    words[#words + 1] = word
  end
  table.sort(words)
  msg:reply(#words > 0 and "Forbidden: " .. table.concat(words, ", ") or "Nothing is forbidden.")
end)

local others = { "observer", "author", "member" } -- what staff writes stays

bot.on_message({ chat_type = "group", content_type = "text", from_role = others }, function(msg)
  for word in msg.text:lower():gmatch("[%w']+") do
    if bot.state.words[word] then
      msg:moderate()
      bot.send(msg.chat, ("%s, please: no %s here."):format(msg.sender.name, word))
      return
    end
  end
end)
