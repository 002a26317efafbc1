-- What a hostile script does to use up the machine: each attack ends, and the bot goes on.

bot.configure { cpu_limit = 0.1 }

local promise, map = require "promise", require "map"

local attacks = {
  spawned = function() while true do bot.spawn(function() sleep(3600) end) end end,
  taken_back = function() while true do bot.spawn(function() sleep(3600) end):remove() end end,
  timers = function() while true do bot.after("1h", function() end) end end,
  crons = function() while true do bot.cron("* * * * *", function() end) end end,
  waiting = function() while true do bot.spawn(function() bot.wait_for("contactConnected") end) end end,
  triggers = function() while true do bot.trigger("x", {}) end end,
  handlers = function() while true do bot.on_message({ text = "never" }, function() end) end end,
  promises = function() local t = {} while true do t[#t + 1] = promise.new() end end,
  map = function() local m = map.new() for i = 1, math.huge do m:set(i, ("x"):rep(100) .. i) end end,
  coroutines = function()
    local t = {}
    while true do
      local co = coroutine.create(function() coroutine.yield() end)
      coroutine.resume(co)
      t[#t + 1] = co
    end
  end,
  log = function() while true do log.info(("x"):rep(1000)) end end,
  json = function() while true do pcall(json.decode, ("["):rep(1e5)) end end,
}

bot.on_command("attack", function(_, cmd) attacks[cmd.args]() end)
bot.on_command("ping", function(msg) msg:reply("pong") end)
