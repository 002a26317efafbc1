-- Joins a SimpleX group and an IRC channel: what is said on one side is heard on the other.
-- Invite the bot to a group and write there: the channel hears <you> and your text; edits come marked.
-- Run: IRC_HOST=irc.example.org simplex-lua run --allow net=irc.example.org,env=IRC_HOST scripts/examples/irc_bridge.lua

local irc = require "irc"

local host, port = os.getenv "IRC_HOST", tonumber(os.getenv "IRC_PORT")
local channel = os.getenv "IRC_CHANNEL" or "#simplex"
local client = irc.client {
  host = host or "localhost", port = port, tls = os.getenv "IRC_TLS" ~= "no",
  nick = "bridge", realname = "A bridge to SimpleX", reconnect = { longest = "1m" },
}

bot.configure { profile = { display_name = "Bridge", short_descr = "Joins a group and an IRC channel" } }
bot.state = {} -- group: the group that is joined to the channel

-- Stands before everything that a bridge has brought, so that no bridge brings it again.
local mark = "\226\129\160"

-- A name cannot look like another message or format the text behind it.
local function on_irc(name) return (name:gsub("[%c<>]", "")) end
local function on_simplex(name) return (name:gsub("[*_~`#!]", "\226\128\139%0")) end
local function plain(text) return (text:gsub("\3%d?%d?,?%d?%d?", ""):gsub("[%z\1-\9\11-\31]", "")) end

local function to_irc(msg, note)
  if "#" .. msg.group_id ~= bot.state.group or msg.text:sub(1, #mark) == mark then return end
  local name = on_irc(msg.sender and msg.sender.name or "channel")
  for line in msg.text:gmatch "[^\r\n]+" do
    if not pcall(client.say, client, channel, ("%s<%s>%s %s"):format(mark, name, note, line)) then
      return msg:reply "IRC has not heard this: there is no connection."
    end
  end
end

local function to_simplex(e, text)
  if bot.state.group and client:same(e.target, channel) and text:sub(1, #mark) ~= mark then
    bot.send(bot.state.group, mark .. on_simplex(e.nick or e.host) .. ": " .. plain(text))
  end
end

bot.on_event("receivedGroupInvitation", function(event)
  bot.state.group = "#" .. event.groupInfo.groupId
  bot.api.send_chat_cmd("/_join " .. bot.state.group)
end)
bot.on_message({ chat_type = "group", content_type = "text" }, function(msg) to_irc(msg, "") end)
bot.on_edit(function(msg) if msg.group_id then to_irc(msg, " (edited)") end end)

client:on("client_connect", function() client:send("join", { channel = channel }) end)
client:on("privmsg", function(e) to_simplex(e, e.message) end)
client:on("ctcp", function(e) if e.ctcp == "ACTION" then to_simplex(e, "* " .. e.message) end end)
if host then client:run() end
