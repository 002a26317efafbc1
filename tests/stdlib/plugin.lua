-- A bot for the tests of the module plugin.
local plugin = require "plugin"

local watcher

plugin.register("greet", function(on)
  on.message({ text = "hello" }, function(msg) msg:reply("hi") end)
  on.message(function(msg) if msg.text == "anything" then msg:reply("heard") end end)
  on.edit(function(msg) msg:reply("edited") end)
  on.every("1m", function() if watcher then bot.send(watcher, "tick") end end)
  on.event("contactUpdated", function() end)
end, { description = "Says hi" })

plugin.register("dice", function(on)
  on.command("dice", function(msg) msg:reply("6") end)
  on.command("odd", { when = function(msg) return #msg.text % 2 == 1 end }, function(msg) msg:reply("odd") end)
end, { enabled = false })

local seen = 0
plugin.register("counter", function(on)
  on.raw(function(event) if event.type == "newChatItems" then seen = seen + 1 end end)
  on.send(function(command) return (command:gsub("two", "2")) end)
  on.use(function(handler, msg, data) return handler(msg, data) == "counted" and msg:reply("after " .. seen) end)
  on.cron("0 12 * * *", function() if watcher then bot.send(watcher, "noon") end end)
end, { enabled = false })
bot.on_command("count", function(msg)
  msg:reply("one two")
  return "counted"
end)

bot.on_command("watch", function(msg) watcher = msg.chat.ref end)
plugin.commands(function(msg) return msg.sender.name == "alice" end)
bot.on_command("names", function(msg) msg:reply(table.concat(plugin.list(), " ")) end)
bot.on_command("fill", function() -- with switches whose keys stand before those of others
  local switches = require("store").open "plugin"
  for i = 1, 1002 do switches:set(("dice a%04d"):format(i), true) end
end)
bot.on_command("bad", function(msg)
  for _, fn in ipairs {
    function() plugin.register("greet", print) end, function() plugin.register("a b", print) end,
    function() plugin.enable("none") end, function() plugin.register("x") end, function() plugin.register("x", print, { on = true }) end,
  } do
    local ok, e = pcall(fn)
    assert(not ok and e.type == "argument", e)
  end
  msg:reply("refused")
end)
