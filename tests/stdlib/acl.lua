-- A bot for the tests of the module acl.
local acl = require "acl"

local staff = acl.new { roles = { "helper", "admin" } }
staff:commands()

bot.on_command("help", staff:only("helper", function(msg, cmd) msg:reply("helped " .. cmd.args) end))
bot.on_command("close", staff:only("admin", function(msg) msg:reply("closed") end, "Admins only."))
bot.on_command("quiet", staff:only("admin", function(msg) msg:reply("hush") end, function(msg) msg:react("👎") end))
bot.on_command("code", function(msg) msg:reply((require("fs").read("pair-code.txt") or "none"):match("%S+")) end)
bot.on_command("fill", function() -- with people whose keys stand before those of others
  local roles = require("store").open "acl.acl"
  for i = 1, 1002 do roles:set(("role a%04d"):format(i), "helper") end
end)
bot.on_command("bad", function(msg)
  local ok, e = pcall(function() staff:invite("king") end)
  assert(not ok and e.type == "argument" and e.where:find("^acl.lua:"), e)
  for _, options in ipairs { { roles = {} }, { roles = { 1 } }, { role = {} } } do
    ok, e = pcall(acl.new, options)
    assert(not ok and e.type == "argument", e)
  end
  msg:reply("refused")
end)
