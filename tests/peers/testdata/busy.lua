-- A bot with handlers that never end, and some that are cut.
local rpc = require "rpc"

bot.configure { profile = { display_name = "Busy" }, cpu_limit = 0.3 }
rpc.handle("never", function() sleep(3600) end)
rpc.handle("burn", function() while true do end end)
