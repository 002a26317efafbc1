-- Joins a SimpleX group and an IRC channel: what is said on one side is heard on the other.
-- Invite the bot to a group and send /bridge CODE there; the bot prints the code when it starts. Edits come marked.
-- Run: IRC_HOST=irc.example.org simplex-lua run --allow net=irc.example.org,env=IRC_HOST scripts/examples/irc_bridge.lua

local crypto, irc = require "crypto", require "irc"
local people, store = require "people", require "store"

local host, port = os.getenv "IRC_HOST", tonumber(os.getenv "IRC_PORT")
local channel = os.getenv "IRC_CHANNEL" or "#simplex"
local client = irc.client {
  host = host or "localhost", port = port, tls = os.getenv "IRC_TLS" ~= "no",
  nick = "bridge", realname = "A bridge to SimpleX", reconnect = { longest = "1m" },
}

bot.configure { profile = { display_name = "Bridge", short_descr = "Joins a group and an IRC channel" } }
bot.state = { code = crypto.random(8, "hex") } -- for one group: anybody can invite the bot to theirs
local kept, group = store.open "bridge", nil -- the group that is joined to the channel: key and ref

-- Stands before everything that a bridge has brought, so that no bridge brings it again.
local mark = "\226\129\160"
-- A name cannot look like another message or format the text behind it.
local function on_irc(name) return (name:gsub("[%c<>]", "")) end
local function on_simplex(name) return (name:gsub("[*_~`#!]", "\226\128\139%0")) end
local function plain(text) return (text:gsub("\3%d?%d?,?%d?%d?", ""):gsub("[%z\1-\9\11-\31]", "")) end

local function to_irc(msg, note)
  if not group or msg.scope or people.chat(msg) ~= group.key or msg.text:sub(1, #mark) == mark then return end
  local name = on_irc(msg.sender and msg.sender.name or "channel")
  for line in msg.text:gmatch "[^\r\n]+" do
    if not pcall(client.say, client, channel, ("%s<%s>%s %s"):format(mark, name, note, line)) then
      return msg:reply "IRC has not heard this: there is no connection."
    end
  end
end

local function to_simplex(e, text)
  if group and client:same(e.target, channel) and text:sub(1, #mark) ~= mark then
    bot.send(group.ref, mark .. on_simplex(e.nick or e.host) .. ": " .. plain(text))
  end
end

bot.on_event("receivedGroupInvitation", function(event) bot.api.join_group(event.groupInfo.groupId) end)
bot.on_start(function()
  group = kept:get "group"
  print("Send /bridge " .. bot.state.code .. " in the group that is to be joined.")
end)
bot.on_command("bridge", { chat_type = "group", scope = "main" }, function(msg, cmd)
  if not crypto.equal(cmd.args, bot.state.code) then return msg:reply "That is not the code." end
  group, bot.state.code = { key = people.chat(msg), ref = msg.chat.ref }, crypto.random(8, "hex")
  kept:set("group", group)
  msg:reply("This group hears " .. channel .. " now, and is heard there.")
end)
bot.on_message({ chat_type = "group", content_type = "text" }, function(msg) to_irc(msg, "") end)
bot.on_edit(function(msg) to_irc(msg, " (edited)") end)

client:on("client_connect", function() client:send("join", { channel = channel }) end)
client:on("privmsg", function(e) to_simplex(e, e.message) end)
client:on("ctcp", function(e) if e.ctcp == "ACTION" then to_simplex(e, "* " .. e.message) end end)
if host then client:run() end
