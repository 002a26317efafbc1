-- A support desk: each customer gets a chat of their own; questions go to all colleagues, who answer by replies.
-- A colleague connects as customers do and sends /desk CODE; the code stands in the log at the start.
-- Run: simplex-lua dev scripts/examples/support.lua

local crypto = require "crypto"
local people = require "people"
local store = require "store"

local desk = store.open "desk"

bot.configure {
  profile = { display_name = "Support", short_descr = "We answer" },
  welcome = "Hello. What can we do for you?",
  business_address = true, -- the chat with a customer is a group, which more people of theirs may join
}

bot.state = { code = crypto.random(8, "hex") }

bot.on_start(function()
  log.info("colleagues send /desk " .. bot.state.code)
end)

bot.on_command("desk", { chat_type = "group" }, function(msg, cmd)
  if not crypto.equal(cmd.args, bot.state.code) then
    return msg:reply("That is not the code.")
  end
  desk:set("colleague:" .. people.chat(msg), msg.chat)
  msg:reply("You get the questions now. Reply to one, and the customer gets your answer.")
end)

-- Ids are given again after deletions. A chat that is kept as a whole says when it came to be, too, and bot.broadcast
-- writes to none that has become another one's.
bot.on_message({ chat_type = "group", when = function(msg) return msg.sender ~= nil end }, function(msg)
  if desk:get("colleague:" .. people.chat(msg)) then
    local customer = msg.quoted and desk:get("from:" .. tostring(msg.quoted.itemId))
    if not customer then
      return msg:reply("Reply to a question, please.")
    end
    local failure = bot.broadcast({ customer }, msg.text).failed[1]
    return failure and msg:reply("Not sent: " .. failure.error.message) or msg:react("👍")
  end
  local colleagues = {}
  for i, entry in ipairs(desk:list("colleague:")) do
    colleagues[i] = entry.value
  end
  local sent = bot.broadcast(colleagues, msg.sender.name .. ": " .. msg.text).sent
  for _, copy in ipairs(sent) do
    desk:set("from:" .. copy.item_id, msg.chat, { ttl = "90d" })
    if msg.content_type ~= "text" then
      msg:forward(copy.chat) -- a picture or a file; the line above says whose it is
    end
  end
  if #sent == 0 then
    msg:reply("Nobody is here yet. Please ask again later.")
  end
end)
