-- A bot for the tests of the module limit.
local limit = require "limit"

local asks = limit.new { rate = 2, per = "1m" }
local chats = limit.new { rate = 1, per = 10, by = "chat" }

bot.use(limit.new({ rate = 6, per = "1m" }):middleware(function(msg) msg:reply("too fast") end))

bot.on_command("ask", function(msg)
  local ok, wait = asks:allow(msg)
  msg:reply(ok and "yes" or ("wait %.0f s"):format(wait))
end)
bot.on_command("chat", function(msg) msg:reply(tostring((chats:allow(msg)))) end)
bot.on_command("reset", function(msg) asks:reset(msg) msg:reply("full") end)
bot.on_command("key", function(msg) msg:reply(tostring((asks:allow("a key", 2))) .. tostring((asks:allow("a key")))) end)
bot.on_command("bad", function(msg)
  for _, options in ipairs { {}, { rate = 0 }, { rate = 1, by = "room" }, { rate = 1, burst = 0.5 }, { rate = 1, rats = 1 } } do
    local ok, e = pcall(limit.new, options)
    assert(not ok and e.type == "argument", e)
  end
  local ok, e = pcall(function() asks:allow(msg, 3) end)
  msg:reply(e.type .. " at " .. e.where)
end)
-- Two handlers of one message take one token.
bot.on_message({ text = "both" }, function(msg) msg:reply("one") end)
bot.on_message({ text = "both" }, function(msg) msg:reply("two") end)
