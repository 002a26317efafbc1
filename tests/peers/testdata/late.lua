-- Asks a bot that ends meanwhile, until it is there again.
local rpc = require "rpc"

bot.on_send(function(command)
  if command:find('"payload":9', 1, true) then print "asked" end
end)

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  print(rpc.query(peer, "square", 7))
  while pcall(rpc.query, peer, "ping", nil, { timeout = 0.5 }) do sleep(0.01) end
  print "no answer"
  print(rpc.query(peer, "square", 9, { timeout = 120 }))
  print "end"
  bot.stop()
end)
