-- Asks for more than one bot gets; then somebody else asks.
local rpc = require "rpc"

bot.on_start(function()
  local peer = bot.connect_to(os.getenv "LINK").contactId
  if os.getenv "GREEDY" == "yes" then
    for _ = 1, 600 do rpc.send(peer, "never") end
    local _, e = pcall(rpc.query, peer, "ping", nil, { timeout = 1 })
    print("the greedy one: " .. e.type)
  else
    print("another: " .. rpc.query(peer, "ping", "answered"))
  end
  print "end"
  bot.stop()
end)
