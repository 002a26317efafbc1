-- Joins a SimpleX group and a node of a LIME network: what is said in the group is sent there, and its messages come back.
-- Invite the bot to a group and send /bridge CODE there; the bot prints the code when it starts. 👎 says that the node
-- has not got a message.
-- Run: LIME_URI=wss://lime.example.org LIME_TO=desk@example.org simplex-lua run --allow net=lime.example.org,env=LIME_URI,env=LIME_TO scripts/examples/lime_bridge.lua

local crypto, lime = require "crypto", require "lime"
local people, store = require "people", require "store"

local uri, desk = os.getenv "LIME_URI", os.getenv "LIME_TO" or "desk@example.org"
local client = lime.client { uri = uri or "ws://localhost", identity = os.getenv "LIME_IDENTITY" or "bridge@example.org" }

bot.configure { profile = { display_name = "Desk", short_descr = "Joins a group and a LIME network" } }
bot.state = { code = crypto.random(8, "hex") } -- for one group: anybody can invite the bot to theirs
local kept, group = store.open "bridge", nil -- the group that is joined to the node: key and ref

-- A name cannot look like another message.
local function safe(name) return (name:gsub("[%c:]", "")) end

local function to_lime(msg, note)
  if not group or msg.scope or people.chat(msg) ~= group.key then return end
  local name = safe(msg.sender and msg.sender.name or "channel")
  local ok, err = pcall(client.send_message, client, { to = desk, content = ("%s%s: %s"):format(name, note, msg.text) },
    { wait = "received", timeout = "1m" })
  if not ok then
    log.warn("not received", { error = err.message })
    pcall(msg.react, msg, "👎") -- it may have one already
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
  msg:reply("This group hears " .. desk .. " now, and is heard there.")
end)
bot.on_message({ chat_type = "group", content_type = "text" }, function(msg) to_lime(msg, "") end)
bot.on_edit(function(msg) to_lime(msg, " (edited)") end)

client:on("message", { type = "text/plain" }, function(m)
  local from = m.from and lime.node(m.from)
  if group and from and from.identity == desk then
    bot.send(group.ref, safe(from.name or from.domain) .. ": " .. m.content)
  end
end)
client:handle("/group", function() return { joined = group ~= nil } end)
if uri then client:run() end
