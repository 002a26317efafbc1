-- Tells how it is connected while its server goes away and comes back.
local rpc = require "rpc"

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  print(bot.wait_online "1m" and "online")
  local now = bot.connections()
  print(("%s %d of %d"):format(tostring(now.online), now.connected, now.connected + now.disconnected))
  while bot.connections().online do sleep(0.01) end
  print("away: " .. tostring(bot.wait_online(0.05)))
  print(bot.wait_online "2m" and "online again")
  print("49 is " .. rpc.query(peer, "square", 7))
  print "end"
  bot.stop()
end)
