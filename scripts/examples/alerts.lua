-- Sends alerts from a webhook to those who subscribe; requests are signed with a shared secret.
-- Send /subscribe, /unsubscribe or /try; the monitor posts {"title":"…","text":"…"} to /alert, signed as GitHub does.
-- Run: ALERTS_LISTEN=127.0.0.1:8080 ALERTS_SECRET=… simplex-lua run --allow listen=127.0.0.1:8080,env=ALERTS_LISTEN,env=ALERTS_SECRET scripts/examples/alerts.lua

local http = require "http"
local people = require "people"
local store = require "store"

local subscribers = store.open "subscribers"

bot.configure {
  profile = { display_name = "Alerts" },
  welcome = "Send /subscribe to get the alerts.",
  commands = { { keyword = "subscribe", label = "Get alerts" }, { keyword = "unsubscribe", label = "No more alerts" } },
}

bot.state = {}

-- Sends to all and returns to how many; who cannot be reached is logged. The chats that are kept say when they came to
-- be, and broadcast writes to none whose id is somebody else's by now.
local function alert(title, text)
  local chats = {}
  for i, entry in ipairs(subscribers:list("", { limit = 10000 })) do
    chats[i] = entry.value
  end
  local result = bot.broadcast(chats, ("❗ *%s*\n%s"):format(title, text))
  for _, failure in ipairs(result.failed) do
    log.warn("an alert was not sent", { error = failure.error.message })
  end
  return #result.sent
end

local listen = os.getenv "ALERTS_LISTEN"
if listen then
  local server = http.serve { listen = listen, hmac = { secret = os.getenv "ALERTS_SECRET" }, max_size = 65536 }
  server:post("/alert", function(req)
    local body = req:json()
    return { json = { sent = alert(tostring(body.title), tostring(body.text)) } }
  end)
  bot.on_start(function() bot.state.address = server.address end)
end

bot.on_command({ "subscribe", "unsubscribe" }, { chat_type = "direct" }, function(msg, cmd)
  subscribers:set(people.chat(msg), cmd.keyword == "subscribe" and msg.chat or nil)
  msg:reply(cmd.keyword == "subscribe" and "You get the alerts now." or "No more alerts.")
end)

bot.on_command("try", { chat_type = "direct" }, function(msg)
  msg:reply(("Sent to %d."):format(alert("Test", "This is only a test.")))
end)
