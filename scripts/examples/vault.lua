-- Keeps notes sealed: only who has a note's key can open it, here or at another copy of this bot that it is friends with.
-- Send /keep TEXT and get a key; then /open KEY, /burn KEY and /stats. VAULT_FRIEND is the address of the other copy.
-- Run: VAULT_FRIEND=simplex:/… simplex-lua run --allow env=VAULT_FRIEND scripts/examples/vault.lua

local blob = require "blob"
local rpc = require "rpc"
local store = require "store"

local kept, friend = store.open "vault", nil

bot.configure {
  profile = { display_name = "Vault", short_descr = "Keeps notes sealed" },
  welcome = "Send /keep and a text: I seal it, and give you the key.",
  commands = { { keyword = "stats", label = "How much is kept" } },
}

local link = os.getenv "VAULT_FRIEND"
if link then
  bot.on_start(function() friend = bot.connect_to(link).contactId end)
end

-- What other copies may ask beside blobs, which the module offers by itself.
rpc.resource("/notes", { get = function() return kept:get("notes", 0) end })

bot.on_command("keep", function(msg, cmd)
  kept:incr "notes"
  msg:reply(blob.store(cmd.args))
end)

bot.on_command("open", function(msg, cmd)
  local ok, text = pcall(blob.fetch, cmd.args)
  if ok and not text and friend then
    ok, text = pcall(blob.fetch, cmd.args, { from = friend, timeout = 30 })
  end
  msg:reply(ok and text or "That opens nothing here.")
end)

bot.on_command("burn", function(msg, cmd)
  local ok, burnt = pcall(blob.delete, cmd.args)
  if ok and burnt then
    kept:incr("notes", -1)
  end
  msg:reply(ok and burnt and "It is gone." or "That opens nothing here.")
end)

bot.on_command("stats", function(msg)
  local lines = { "I keep " .. kept:get("notes", 0) .. "." }
  if friend then
    local ok, name, notes = pcall(function() return rpc.query(friend, "finger").display_name, rpc.get(friend, "/notes") end)
    lines[2] = ok and name .. " keeps " .. notes .. "." or "My friend does not answer."
  end
  msg:reply(table.concat(lines, " "))
end)
