-- Joins the groups of several offices: what is said in one is heard in all, with its edits, deletions and reactions.
-- Invite the bot to each group and send /office CODE there; the log has a code for each. /audit tells what was copied.
-- Run: simplex-lua dev scripts/examples/offices.lua

local crypto = require "crypto"
local people = require "people"
local relay = require "relay"
local sql = require "sql"
local store = require "store"

local offices, db = store.open "offices", sql.open "audit.db"
local joined = {} -- the chats of the groups, by their keys

bot.configure { profile = { display_name = "Offices", short_descr = "Joins the groups of several offices" } }

bot.state = { code = crypto.random(8, "hex") } -- for one group: anybody can invite the bot to theirs

local all = relay.new {
  name = "offices",
  audit = function(entry)
    db:exec("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", os.time(), entry.event, entry.name, entry.from, entry.to, entry.error or "")
  end,
}

local function join(key, chat)
  for _, other in pairs(joined) do
    all:link(chat, other)
    all:link(other, chat)
  end
  joined[key] = chat
end

bot.on_start(function()
  db:exec "CREATE TABLE IF NOT EXISTS audit (at, event, name, origin, target, error)"
  for _, entry in ipairs(offices:list "") do join(entry.key, entry.value) end
  log.info("the next office sends /office " .. bot.state.code)
end)

bot.cron("@daily", function() db:exec("DELETE FROM audit WHERE at < ?", os.time() - 30 * 86400) end)

bot.on_event("receivedGroupInvitation", function(event) bot.api.join_group(event.groupInfo.groupId) end)

bot.on_command("office", { chat_type = "group", scope = "main" }, function(msg, cmd)
  local key = people.chat(msg)
  if joined[key] or not crypto.equal(cmd.args, bot.state.code) then return msg:reply "That is not the code." end
  offices:set(key, msg.chat)
  join(key, msg.chat)
  bot.state.code = crypto.random(8, "hex")
  log.info("the next office sends /office " .. bot.state.code)
  msg:reply "This office hears the others now."
end)

bot.on_command("audit", { when = function(msg) return joined[people.chat(msg)] ~= nil end }, function(msg)
  local lines = {}
  for i, row in ipairs(db:query "SELECT * FROM audit ORDER BY at DESC, rowid DESC LIMIT 10") do
    lines[i] = ("%s %s, %s -> %s %s"):format(row.event, row.name, row.origin, row.target, row.error)
  end
  msg:reply(#lines > 0 and table.concat(lines, "\n") or "Nothing was copied yet.")
end)
