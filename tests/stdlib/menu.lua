-- A bot for the tests of the module menu.
local menu = require "menu"

local made = menu.install({
  { "add", "Adds two numbers", args = "<a:number> <b:number>", run = function(msg, args) msg:reply(args.a + args.b) end },
  { "say", args = "<who> [text...]", also = { "tell" }, run = function(msg, args) msg:reply(args.who .. ": " .. (args.text or "-")) end },
  { label = "More", commands = {
    { "wait", "Tells a time", args = "[time:duration] [loud:boolean]", run = function(msg, args)
      msg:reply(tostring(args.time) .. " " .. tostring(args.loud))
    end },
    { "secret", "Nobody may", allow = function() return false end, run = function(msg) msg:reply("no") end },
    { "now", "Takes nothing", run = function(msg, _, cmd) msg:reply(cmd.keyword) end },
  } },
}, { title = "I know:" })

bot.on_command("bad", function(msg)
  for _, entry in ipairs {
    { "x" }, { run = print }, { "x", run = print, args = "a" }, { "x", run = print, args = "<a:colour>" },
    { "x", run = print, args = "[a] <b>" }, { "x", run = print, args = "<a...> <b>" }, { "x", run = print, arg = "<a>" },
    { "x", run = print, args = "<a]" }, { "x", run = print, args = "<a.>" }, { label = "sub", commands = { { "y" } } },
  } do
    local ok, e = pcall(function() menu.install { entry } end)
    assert(not ok and e.type == "argument" and e.where:find("^menu.lua:"), json.encode(entry.args or "") .. tostring(e))
  end
  msg:reply("refused")
end)
bot.on_command("help_of", function(msg) msg:reply(made:help(msg)) end)
