-- Plugins by their names: one has handlers of an IRC client, one of the bot; both are switched while they run.
local irc, plugin = require "irc", require "plugin"
local port = tonumber(os.getenv "PORT")
local function client(nick) return irc.client { host = "127.0.0.1", port = port, nick = nick, flood = { burst = 1000 } } end
local anna, ben = client "anna", client "ben"

plugin.register("echo", function(on)
  local function answer(text)
    return function(e) ben:send("notice", { target = e.nick, message = text .. e.message }) end
  end
  ben:on("privmsg", on.guard(answer "echo: ", answer "off: "))
  ben.handlers.out:insert(on.guard(function(next, line) next((line:gsub("^NOTICE .*", "%0!"))) end, function(next, line) next(line) end))
end, { enabled = false })
plugin.register("orders", function(on)
  on.event("order", function(e) print("order " .. e.n) end)
end)

local ordered = 0
bot.on_event("order", function(e) ordered = e.n end) -- after the plugin's
local function order(n)
  bot.trigger("order", { n = n })
  while ordered < n do sleep(0.005) end
end

local function ask(message)
  anna:send("privmsg", { target = "ben", message = message })
  return anna:wait("notice", 20).message
end

bot.on_start(function()
  print(table.concat(plugin.list(), " "))
  anna:connect()
  ben:connect()
  print(ask "one")
  plugin.enable "echo"
  print(ask "two")
  plugin.disable "echo"
  print(ask "three")
  order(1)
  plugin.disable "orders"
  order(2)
  plugin.enable "orders"
  order(3)
  print "end"
  bot.stop()
end)
