local rpc = require "rpc"

local function outcome(fn, ...)
  local ok, e = pcall(fn, ...)
  return ok and tostring(e) or e.type, ok or e.message
end

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  print(rpc.query(peer, "square", 7))
  print((outcome(rpc.query, peer, "none")))
  print((outcome(rpc.query, peer, "never", nil, { timeout = 0.2 })))
  local kind, message = outcome(rpc.query, peer, "boom")
  print(kind .. ": " .. message:match("[%w ]+$"):match("^ ?(.*)"))
  for _, name in ipairs { "text", "failed", "mistake", "argument", "global", "file", "chat", "checked" } do
    kind, message = outcome(rpc.query, peer, name)
    print(name .. " " .. kind .. ": " .. message:match(name .. ": (.*)"))
  end
  print((outcome(rpc.query, "#2", "square")) .. ": no contact")
  print((outcome(rpc.query, peer, "square", ("x"):rep(20000))))
  kind, message = outcome(rpc.query, peer, "huge")
  print(kind .. ": " .. message:match("huge: (.*)"))
  assert(rpc.query(peer, "passing") == "here")
  rpc.query(peer, "remove")
  print("removed: " .. outcome(rpc.query, peer, "passing"))
  local answers, left = {}, 8
  for i = 1, 8 do
    bot.spawn(function()
      answers[i] = rpc.query(peer, "slow", i)
      left = left - 1
    end)
  end
  while left > 0 do sleep(0.01) end
  print("several: " .. table.concat(answers, " "))
  local values = rpc.query(peer, "values", { yes = true, list = { 1, 2 } })
  print(tostring(values.yes) .. " " .. tostring(values.none) .. " " .. type(values.list))
  rpc.send(peer, "news", "news")
  rpc.send(peer, "none", "nobody hears that")
  rpc.query(peer, "ping")
  print "end"
  bot.stop()
end)
