-- Routes of regular expressions, for what is said on IRC and for messages.
local irc, router = require "irc", require "router"
local port = tonumber(os.getenv "PORT")
local function client(nick) return irc.client { host = "127.0.0.1", port = port, nick = nick, flood = { burst = 1000 } } end
local anna, ben = client "anna", client "ben"

local r = router.new()
r:on([[^say (\w+) please$]], function(m, found) m:reply(found[1]) end)
r:on([[^add (?P<a>\d+) (?P<b>\d+)$]], function(m, found) m:reply(tostring(found.a + found.b)) end)
r:on([[^add]], function() return router.NEXT end)
r:otherwise(function(m) m:reply "no route" end)
bot.on_message(r:handler())

bot.on_start(function()
  anna:connect()
  ben:connect()
  ben:on("privmsg", function(e)
    r:route({ reply = function(_, text) ben:send("notice", { target = e.nick, message = text }) end }, e.message)
  end)
  for _, text in ipairs { "say hello please", "add 3 4", "add nothing", "say hello" } do
    anna:send("privmsg", { target = "ben", message = text })
    print(text .. ": " .. anna:wait("notice", 20).message)
  end
  print "end"
end)
