-- Asks a contact that is still being connected.
local rpc = require "rpc"

bot.configure { ready_timeout = "10s" }
bot.on_event("acceptingContactRequest", function(e)
  local _, err = pcall(rpc.query, e.contact.contactId, "ping", nil, { timeout = 0.3 })
  print(err.type)
  print "end"
  bot.stop()
end)
