-- A feedback box: what people write goes to the staff's group without names; the staff answers by a reply.
-- Invite the bot to the staff's group and send /staff CODE there; the code stands in the log at the start. Then people write to the bot.
-- Run: simplex-lua dev scripts/examples/feedback.lua

local crypto = require "crypto"
local store = require "store"

local box = store.open "feedback"

bot.configure {
  profile = { display_name = "Feedback", short_descr = "Tell us, we do not see who you are" },
  welcome = "Write what you want to tell us. We see your words, not your name.",
}

bot.state = { code = crypto.random(8, "hex") } -- for one group; anybody could invite the bot to theirs

bot.on_start(function() log.info("the staff sends /staff " .. bot.state.code) end)

bot.on_event("receivedGroupInvitation", function(event)
  bot.api.join_group(event.groupInfo.groupId)
end)

-- Chats are kept as a whole, with the time they came to be, for ids are given again; bot.broadcast looks at it.
bot.on_command("staff", { chat_type = "group", scope = "main" }, function(msg, cmd)
  if not crypto.equal(cmd.args, bot.state.code) then
    return msg:reply("That is not the code.")
  end
  bot.state.code = crypto.random(8, "hex")
  box:set("staff", msg.chat)
  msg:reply("Feedback comes here now. Reply to it, and the writer gets your answer.")
end)

bot.on_message({ chat_type = "direct", content_type = "text" }, function(msg)
  local sent = bot.broadcast({ box:get("staff") }, "Feedback: " .. msg.text).sent[1]
  if not sent then
    return msg:reply("Nobody reads this yet. Please come back later.")
  end
  box:set("writer:" .. sent.item_id, msg.chat, { ttl = "30d" })
  msg:reply("Thank you.")
end)

bot.on_message({ chat_type = "group", when = function(msg) return msg.quoted ~= nil end }, function(msg)
  local staff = box:get("staff")
  if not staff or msg.chat.ref ~= staff.ref or msg.chat.created_at ~= staff.created_at then
    return
  end
  local writer = box:get("writer:" .. tostring(msg.quoted.itemId))
  if writer then
    local failure = bot.broadcast({ writer }, "Answer: " .. msg.text).failed[1]
    msg:react(failure and "👎" or "👍")
  end
end)
