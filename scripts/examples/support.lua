-- A support desk: each customer gets a chat of their own; questions go to all colleagues, who answer by replies.
-- A colleague connects as customers do and sends /desk CODE; the code stands in the log at the start.
-- Run: simplex-lua dev scripts/examples/support.lua

local crypto = require "crypto"
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
  desk:set("colleague:" .. msg.chat.ref, msg.chat.created_at)
  msg:reply("You get the questions now. Reply to one, and the customer gets your answer.")
end)

-- Ids are given again after deletions, so the time at which the chat came to be counts too.
local function is_colleague(chat)
  return desk:get("colleague:" .. chat.ref) == chat.created_at
end

bot.on_message({ chat_type = "group", when = function(msg) return msg.sender ~= nil end }, function(msg)
  if is_colleague(msg.chat) then
    local customer = msg.quoted and desk:get("from:" .. tostring(msg.quoted.itemId))
    if not customer then
      return msg:reply("Reply to a question, please.")
    end
    bot.send(customer, msg.text)
    return msg:react("👍")
  end
  local colleagues = desk:list("colleague:")
  for _, entry in ipairs(colleagues) do
    local ref = entry.key:match(":(.*)")
    if msg.content_type ~= "text" then
      msg:forward(ref) -- a picture or a file; the line below says whose it is
    end
    local sent = bot.send(ref, msg.sender.name .. ": " .. msg.text)
    desk:set("from:" .. sent.item_id, msg.chat.ref, { ttl = "90d" })
  end
  if #colleagues == 0 then
    msg:reply("Nobody is here yet. Please ask again later.")
  end
end)
