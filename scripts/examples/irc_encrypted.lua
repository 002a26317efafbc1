-- Talks on an IRC channel in texts that only those with the key can read; commands stay readable for the server.
-- Send /me CODE, with the code that the bot prints when it starts. Then the channel hears sealed what you send, and what
-- others with the key write there comes back to you in clear.
-- Run: IRC_HOST=irc.example.org IRC_KEY="long and random" simplex-lua run --allow net=irc.example.org,env=IRC_HOST,env=IRC_KEY scripts/examples/irc_encrypted.lua

local crypto = require "crypto"
local irc = require "irc"
local people = require "people"
local store = require "store"

local host, channel = os.getenv "IRC_HOST", os.getenv "IRC_CHANNEL" or "#sealed"
local key = crypto.hash("sha256", os.getenv "IRC_KEY" or crypto.random(32), "raw")
local client = irc.client {
  host = host or "localhost", port = tonumber(os.getenv "IRC_PORT"), tls = os.getenv "IRC_TLS" ~= "no",
  nick = os.getenv "IRC_NICK" or "sealed", text_limit = 200, -- sealing makes texts longer
}

bot.configure { profile = { display_name = "Sealed" }, welcome = "What you write goes to IRC, sealed." }
bot.state = { code = crypto.random(8, "hex") } -- for one person: anybody can write to the bot
local kept, me = store.open "sealed", nil -- the person's chat: key and ref

-- Outgoing lines: the text of a PRIVMSG is sealed behind a sign.
client.handlers.out:insert(function(next, line)
  local head, text = line:match "^(PRIVMSG [^ ]+ :)(.*)$"
  next(head and head .. "+" .. crypto.base64_encode(crypto.seal(key, text)) or line)
end)

-- Incoming ones: it is opened before the client makes an event of the line. What is not sealed, or by another key,
-- is none of ours.
client.handlers["in"]:insert(function(next, line)
  local head, sealed = line:match "^(:[^ ]+ PRIVMSG [^ ]+ :)(.*)$"
  if not head then return next(line) end
  local ok, bytes = pcall(crypto.base64_decode, sealed:match "^%+(.+)$" or "")
  local text = ok and crypto.unseal(key, bytes)
  if text then next(head .. text) end
end)

client:on("client_connect", function() client:send("join", { channel = channel }) end)
client:on("privmsg", function(e)
  if me then bot.send(me.ref, ("%s: %s"):format(e.nick, e.message)) end
end)

bot.on_start(function()
  me = kept:get "me"
  print("Send /me " .. bot.state.code .. " to be who writes and reads.")
end)
bot.on_command("me", { chat_type = "direct" }, function(msg, cmd)
  if not crypto.equal(cmd.args, bot.state.code) then return msg:reply "That is not the code." end
  me, bot.state.code = { key = people.chat(msg), ref = msg.chat.ref }, crypto.random(8, "hex")
  kept:set("me", me)
  msg:reply("Now you hear " .. channel .. ".")
end)
bot.on_message({ content_type = "text", when = function(msg) return me and people.chat(msg) == me.key end }, function(msg)
  if not pcall(client.say, client, channel, msg.text) then
    msg:reply("IRC is not connected.")
  end
end)
if host then client:run() end
