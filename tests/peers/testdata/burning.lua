-- Asks for what is cut until nothing of it is handled any more.
local rpc = require "rpc"

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  if os.getenv "GREEDY" == "yes" then
    for _ = 1, 3 do rpc.send(peer, "burn") end
    while pcall(rpc.query, peer, "ping", nil, { timeout = 5 }) do sleep(0.05) end
    print "set aside"
  else
    print("another: " .. rpc.query(peer, "ping", "answered"))
  end
  print "end"
  bot.stop()
end)
