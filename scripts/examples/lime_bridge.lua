-- Joins a SimpleX group and a node of a LIME network: what is said in the group is sent there, and its messages come back.
-- Invite the bot to a group and write there: the node gets "you: " and your text; 👎 says that it has not.
-- Run: LIME_URI=wss://lime.example.org LIME_TO=desk@example.org simplex-lua run --allow net=lime.example.org,env=LIME_URI,env=LIME_TO scripts/examples/lime_bridge.lua

local lime = require "lime"

local uri, desk = os.getenv "LIME_URI", os.getenv "LIME_TO" or "desk@example.org"
local client = lime.client { uri = uri or "ws://localhost", identity = os.getenv "LIME_IDENTITY" or "bridge@example.org" }

bot.configure { profile = { display_name = "Desk", short_descr = "Joins a group and a LIME network" } }
bot.state = {} -- group: the group that is joined to the node

-- A name cannot look like another message.
local function safe(name) return (name:gsub("[%c:]", "")) end

local function to_lime(msg, note)
  if "#" .. msg.group_id ~= bot.state.group then return end
  local name = safe(msg.sender and msg.sender.name or "channel")
  local ok, err = pcall(client.send_message, client, { to = desk, content = ("%s%s: %s"):format(name, note, msg.text) },
    { wait = "received", timeout = "1m" })
  if not ok then
    log.warn("not received", { error = err.message })
    pcall(msg.react, msg, "👎") -- it may have one already
  end
end

bot.on_event("receivedGroupInvitation", function(event)
  bot.state.group = "#" .. event.groupInfo.groupId
  bot.api.send_chat_cmd("/_join " .. bot.state.group)
end)
bot.on_message({ chat_type = "group", content_type = "text" }, function(msg) to_lime(msg, "") end)
bot.on_edit(function(msg) if msg.group_id then to_lime(msg, " (edited)") end end)

client:on("message", { type = "text/plain" }, function(m)
  local from = m.from and lime.node(m.from)
  if bot.state.group and from and from.identity == desk then
    bot.send(bot.state.group, safe(from.name or from.domain) .. ": " .. m.content)
  end
end)
client:handle("/group", function() return { joined = bot.state.group ~= nil } end)
if uri then client:run() end
