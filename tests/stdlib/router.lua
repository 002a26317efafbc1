-- A bot for the tests of the module router.
local router = require "router"

local r = router.new()
r:on([[^order (?P<count>\d+) (?P<what>\w+)$]], function(msg, order)
  if order.what == "nothing" then return router.NEXT end
  msg:reply(order.count .. " " .. order[2])
end):on("(?i)^order", function(msg) msg:reply("order how many of what?") end)
r:otherwise(function(msg) msg:reply("?") end)

bot.on_message(r:handler())
bot.on_command("route", function(msg, cmd)
  local lone = router.new():on(require("re").compile("^x$"), function() end)
  msg:reply(tostring(lone:route(msg, cmd.args)))
end)
