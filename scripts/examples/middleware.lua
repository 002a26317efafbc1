-- Shows middleware: every message is counted, timed and, past a limit, refused.
-- Send anything and get it back; the sixth message in a minute is refused; /stats tells the counts.
-- Run: simplex-lua dev scripts/examples/middleware.lua

bot.configure {
  profile = { display_name = "Careful" },
  welcome = "I answer five messages a minute.",
}

local handled, refused = 0, 0

-- The first middleware stands outermost: it sees every message and every error.
bot.use(function(handler, msg, data)
  data.began = os.clock()
  local ok, err = pcall(handler, msg, data)
  handled = handled + 1
  log.debug("handled", { item = msg.item_id, seconds = os.clock() - data.began })
  if not ok then
    msg:reply("Sorry, that went wrong.")
    error(err, 0)
  end
end)

-- The second lets five messages a minute pass for each person.
local seen = {}

bot.use(function(handler, msg, data)
  local id, now = msg.chat.ref, os.time()
  local window = seen[id]
  if not window or now - window.began >= 60 then
    window = { began = now, count = 0 }
    seen[id] = window
  end
  window.count = window.count + 1
  data.left = 5 - window.count
  if data.left >= 0 then
    return handler(msg, data)
  end
  refused = refused + 1
  if data.left == -1 then
    msg:reply("Too fast. Try again in a minute.")
  end
end)

bot.on_command("stats", function(msg)
  msg:reply(("%d handled, %d refused"):format(handled, refused))
end)

bot.on_command("fail", function()
  error("asked to fail")
end)

bot.on_message(function(msg, data)
  msg:reply(("%s (%d left)"):format(msg.text, data.left), { quote = false })
end)
