-- A bot for the tests of the module irc that need no server; those with one are in tests/irc.
local irc = require "irc"

local client = irc.client { host = "127.0.0.1", port = 1, nick = "anna", serializer = nil }
client:on({ "privmsg", "MY_EVENT" }, function(e) bot.send(e.to, e.event .. " " .. tostring(e.message)) end)

bot.on_command("trigger", function(msg, cmd) client:trigger(cmd.args, { to = msg.chat, message = "hello" }) end)

-- Events come in their order; one whose handler waits lets the next begin, one that is cut does not block the others.
client:on("slow", function(e)
  bot.send(e.to, "slow begins")
  if e.wait then bot.send(e.to, "got " .. client:wait("signal", "1m").n) else sleep(5) end
  bot.send(e.to, "slow ends")
end)
client:on("quick", function(e) bot.send(e.to, "quick") end)
client:on("endless", function() while true do end end)
client:on("broken", function() error "a broken handler" end)
client:on("broken", function(e) bot.send(e.to, "the next one") end)

bot.on_command("order", function(msg, cmd)
  client:trigger("slow", { to = msg.chat, wait = cmd.args == "wait" })
  client:trigger("quick", { to = msg.chat })
  if cmd.args == "wait" then bot.after(1, function() client:trigger("signal", { n = 7 }) end) end
end)
bot.on_command("endless", function(msg)
  client:trigger "endless"
  client:trigger("quick", { to = msg.chat })
  bot.after(5, function() client:trigger("quick", { to = msg.chat }) end)
end)
bot.on_command("broken", function(msg) client:trigger("broken", { to = msg.chat }) end)

bot.on_command("remove", function(msg)
  local handle = client:on("once", function() bot.send(msg.chat, "once") end)
  client:trigger "once"
  handle:remove()
  client:trigger "once"
  msg:reply(tostring(client:wait("never", 2)))
end)

local function fails(type, text, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok and e.type == type and e.message:find(text, 1, true), tostring(e))
end

bot.on_command("wrong", function(msg)
  fails("argument", "host", irc.client, {})
  fails("argument", "nik", irc.client, { host = "x", nik = "y" })
  fails("argument", "want a word", irc.client, { host = "x", nick = "two words" })
  fails("argument", "want a word", irc.client, { host = "x", nick = "a\r\nQUIT" })
  fails("argument", "encoding", irc.client, { host = "x", encoding = "utf-16" })
  fails("argument", "passwort", irc.client, { host = "x", nick = "y", sasl = { user = "a", passwort = "b" } })
  fails("argument", "irc.client.sasl: want a nick", irc.client, { host = "x", sasl = { user = "a", password = "b" } })
  fails("argument", "irc.client.password: want a nick", irc.client, { host = "x", password = "b" })
  fails("argument", "ping times", irc.client, { host = "x", ping_interval = 0 })
  fails("argument", "USERMODE or CHANNELMODE", client.on, client, "mode", print)
  fails("closed", "not connected", client.send, client, "join", { channel = "#hall" })
  fails("argument", "NUL or the end of a line", client.send_line, client, "JOIN #hall\r\nQUIT")
  fails("argument", "no place 9", client.handlers.out.insert, client.handlers.out, 9, print)
  fails("io", "", client.connect, client)
  msg:reply("ok")
end)
