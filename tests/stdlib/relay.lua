-- A bot for the tests of the module relay.
local promise = require "promise"
local relay = require "relay"

bot.on_event("receivedGroupInvitation", function(ev) bot.api.join_group(ev.groupInfo.groupId) end)

-- Group 9 is not there: what fails in it must not keep anything from the others.
relay.new {
  name = "main", links = { { "#1", "#9" }, { "#1", "#2" }, { "#2", "#1" } }, rate = 20,
  audit = function(entry)
    if entry.error and entry.to == "#9" then return end
    log.info("audit", { event = entry.event, from = entry.from, to = entry.to, name = entry.name, err = entry.error })
  end,
}

local function upper(msg)
  if msg.text:find("secret") then return nil end
  return msg.text:upper()
end
relay.new { name = "one way", links = { { "#3", "#4" } }, format = upper, edits = false, deletions = false, reactions = false, files = false, audit = "#5" }

bot.on_event("newChatItems", function(event) bot.state = event end) -- the tests change it

-- A network that is no chat: what it is told, it tells in group 6.
local n = 0
local net
local function outside(m)
  if m.event == "copy" and m.text:find("slow", 1, true) then promise.new():wait("1m") end
  n = n + (m.event == "copy" and 1 or 0)
  bot.send("#6", ("%s %s %s"):format(m.event, m.text or m.emoji or "-", tostring(m.id)))
  return "n" .. n
end
net = relay.new { name = "net", links = { { "#7", outside, name = "irc" }, { "irc", "#7" } } }

bot.on_command("irc", function(_, cmd)
  local line = { id = 1, name = "*nick*", text = cmd.argv[2] }
  if cmd.argv[1] == "delete" then
    net:delete("irc", 1)
  elseif cmd.argv[1] == "edit" then
    net:edit("irc", line)
  else
    net:send("irc", line)
  end
end)

-- Links between the chats of people, made while the bot runs.
local late, there = relay.new { name = "late" }, nil
bot.on_command("here", function(msg) there = msg.chat end)
bot.on_command("link", function(msg, cmd)
  late:link(msg.chat, { ref = there.ref, created_at = cmd.args == "of old" and "2001-01-01T00:00:00Z" or there.created_at })
end)

bot.on_command("bad", function(msg)
  for _, fn in ipairs {
    function() relay.new { links = { { "#1" } } } end, function() relay.new { links = { { "#1", "#1" } } } end, function() relay.new { chat = {} } end,
    function() relay.new { chats = { "1", "2" } } end, function() relay.new { links = { { "#1(_support:5)", "#2" } } } end,
    function() relay.new { name = "net" } end, function() net:link("#7", print, "irc") end, function() net:send("icq", { id = 1, name = "x", text = "y" }) end,
    function() net:send("irc", { id = 1, text = "y" }) end,
  } do
    local ok, e = pcall(fn)
    assert(not ok and e.type == "argument", e)
  end
  msg:reply("refused")
end)
