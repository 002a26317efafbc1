-- A bot for the tests of the module people.
local people = require "people"

bot.on_command("key", function(msg) msg:reply(people.key(msg)) end)
bot.on_command("chat", function(msg) msg:reply(people.by("chat", msg)) end)
bot.on_command("text", function(msg) msg:reply(people.by(function(m) return m.text end, msg)) end)
bot.on_event("receivedGroupInvitation", function(ev) bot.api.join_group(ev.groupInfo.groupId) end)
