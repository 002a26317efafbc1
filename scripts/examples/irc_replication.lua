-- Repeats what is said on a channel of one IRC server on a second server, and writes down there what it does.
-- Send /status: whether both are connected, and how many lines went over. On IRC, #audit of the copy hears of each.
-- Run: IRC_FROM=6667 IRC_TO=6668 simplex-lua run --allow net=127.0.0.1,env=IRC_FROM,env=IRC_TO scripts/examples/irc_replication.lua

local irc = require "irc"

local channel, audit = "#hall", "#audit"
local from, to = tonumber(os.getenv "IRC_FROM"), tonumber(os.getenv "IRC_TO")
local function client(port, nick)
  return irc.client { host = "127.0.0.1", port = port, nick = nick, reconnect = { longest = "1m" } }
end
local watcher, copy = client(from, "watcher"), client(to, "copy")
local copied = 0

bot.configure { profile = { display_name = "Replicator" } }

watcher:on("client_connect", function() watcher:send("join", { channel = channel }) end)
copy:on("client_connect", function() copy:send("join", { channel = { channel, audit } }) end)

-- What goes over makes no event here. The reader of lines must not wait for the other server, so an event of the
-- copy's own brings it there: its handler may.
watcher.handlers["in"]:insert(function(next, line)
  local m = irc.parse(line)
  if m and m.nick and (m.command == "PRIVMSG" or m.command == "NOTICE") and watcher:same(m.params[1] or "", channel) then
    copy:trigger("replicate", { command = m.command, nick = m.nick, message = m.params[2] or "" })
  else
    next(line)
  end
end)

local function note(text)
  if copy:connected() then copy:send("notice", { target = audit, message = text }) end
end

copy:on("replicate", function(e)
  if not copy:connected() then return log.warn("a line was not copied", { nick = e.nick }) end
  copy:send(e.command, { target = channel, message = ("<%s> %s"):format(e.nick, e.message) })
  copied = copied + 1
  note(("%d: %s of %s, %d bytes"):format(copied, e.command, e.nick, #e.message))
end)

-- Whoever writes to the watcher itself is answered, for those lines still make events.
watcher:on("privmsg", function(e)
  watcher:send("notice", { target = e.nick, message = ("%d lines copied"):format(copied) })
  note(e.nick .. " asked")
end)

bot.on_command("status", function(msg)
  msg:reply(("from: %s, to: %s, %d lines"):format(tostring(watcher:connected()), tostring(copy:connected()), copied))
end)

if from and to then
  watcher:run()
  copy:run()
end
