-- A news channel: people subscribe, whoever publishes reaches them all.
-- Send /subscribe, /unsubscribe, /publish TEXT (the first subscriber publishes), /count.
-- Run: simplex-lua dev scripts/examples/broadcast.lua

bot.configure {
  profile = { display_name = "News" },
  welcome = "Send /subscribe to get the news.",
  commands = {
    { keyword = "subscribe", label = "Get the news" },
    { keyword = "unsubscribe", label = "No more news" },
    { keyword = "count", label = "How many subscribe" },
  },
}

-- A contact's id can be given to somebody else after a deletion, so people are
-- kept by id and the time at which the contact came to be.
bot.state = { subscribers = {}, publisher = nil }

local function key(msg)
  return msg.contact_id .. "/" .. msg.sender.created_at
end

local direct = { chat_type = "direct" }

bot.on_command("subscribe", direct, function(msg)
  bot.state.subscribers[key(msg)] = msg.contact_id
  bot.state.publisher = bot.state.publisher or key(msg)
  msg:reply("Welcome. You'll get the news.")
end)

bot.on_command("unsubscribe", direct, function(msg)
  bot.state.subscribers[key(msg)] = nil
  msg:reply("Goodbye.")
end)

bot.on_command("count", direct, function(msg)
  local n = 0
  for _ in pairs(bot.state.subscribers) do n = n + 1 end
  msg:reply(n .. (n == 1 and " subscriber" or " subscribers"))
end)

bot.on_command("publish", direct, function(msg, cmd)
  if key(msg) ~= bot.state.publisher then
    return msg:reply("Only the publisher may do that.")
  end
  local sent, failed = 0, 0
  for _, contact_id in pairs(bot.state.subscribers) do
    local ok, err = pcall(bot.send, "@" .. contact_id, "News: " .. cmd.args)
    if ok then
      sent = sent + 1
    else
      failed = failed + 1
      log.warn("not sent", { contact = contact_id, error = err })
    end
    sleep("50ms") -- at most 20 messages a second
  end
  msg:reply(("Sent to %d, failed for %d."):format(sent, failed))
end)
