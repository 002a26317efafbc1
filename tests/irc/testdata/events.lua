-- Events of a client and of the bot itself: handlers, waiting for one or all of several, events of one's own.
local irc = require "irc"
local port = tonumber(os.getenv "PORT")
local function client(nick) return irc.client { host = "127.0.0.1", port = port, nick = nick, flood = { burst = 1000 } } end
local anna, ben = client "anna", client "ben"

-- Functions that get a client are its plugins.
local function greet(c)
  return c:on({ "join", "MY_OWN" }, function(e) print("greet " .. (e.nick or e.who)) end)
end

bot.on_event("order", function(e) print("order " .. e.n) end)

bot.on_start(function()
  local greeting = greet(ben)
  anna:connect()
  ben:connect()
  ben:trigger("my_own", { who = "local" })
  ben:send("join", { channel = "#hall" })
  ben:wait("RPL_ENDOFNAMES", 20)
  greeting:remove()
  ben:trigger("my_own", { who = "nobody" })

  anna:send("ping", { message = "a" })
  local pong = anna:wait({ "pong", "ERR_NOORIGIN" }, 20)
  print(pong.event .. " " .. pong.message)
  anna:send("away", { message = "lunch" })
  anna:send("ping", { message = "b" })
  local came = anna:wait_all({ "pong", "RPL_NOWAWAY" }, 20)
  print(came[1].message .. " " .. came[2].event .. " " .. #came)
  anna:send("away")
  print("all of two: " .. tostring(anna:wait_all({ "RPL_UNAWAY", "RPL_NOWAWAY" }, 0.3)))
  local ok, err = pcall(anna.wait_all, anna, {})
  print(tostring(ok) .. " " .. err.type)

  bot.trigger("order", { n = 1 })
  bot.spawn(function() bot.trigger("order", { n = 2 }) bot.trigger("order", { n = 3 }) end)
  print("waited for " .. bot.wait_for("order", function(e) return e.n == 3 end, 20).n)
  print("time-out " .. tostring(bot.wait_for("order", 0.05)))
  anna:disconnect()
  ben:disconnect()
  print "end"
  bot.stop()
end)
