-- Sends alerts of programs to people: whoever sent /subscribe gets them.
-- Programs post {"text":"…"} to /alert, signed as README.md says; /try sends one by hand.
-- Try it: simplex-lua dev

local http = require "http"
local limit = require "limit"
local people = require "people"
local store = require "store"

bot.configure {
  profile = { display_name = "BOTNAME", short_descr = "Alerts" },
  welcome = "Send /subscribe to get alerts, /unsubscribe to end them.",
  commands = {
    { keyword = "subscribe", label = "Get alerts" },
    { keyword = "unsubscribe", label = "No more alerts" },
    { keyword = "try", label = "Send everybody a test" },
  },
}

local subscribers = store.open "subscribers"
local tests = limit.new { rate = 3, per = "10m" }

-- The chats that are kept say when they came to be; broadcast writes to none whose id is somebody else's by now.
local function alert(text)
  local chats = {}
  for i, entry in ipairs(subscribers:list("", { limit = 10000 })) do
    chats[i] = entry.value
  end
  for _, failure in ipairs(bot.broadcast(chats, text).failed) do
    log.warn("an alert is not sent", { chat = failure.chat, error = failure.error.message })
  end
end

-- Without these two variables of simplex-lua.toml nobody can post.
local listen, secret = os.getenv "LISTEN", os.getenv "SECRET"
if listen and secret then
  http.serve({ listen = listen, hmac = { secret = secret } }):post("/alert", function(req)
    alert(req:json().text)
    return "sent\n"
  end)
end

bot.on_command("subscribe", { chat_type = "direct" }, function(msg)
  subscribers:set(people.chat(msg), msg.chat)
  msg:reply("You get alerts now.")
end)

bot.on_command("unsubscribe", { chat_type = "direct" }, function(msg)
  subscribers:delete(people.chat(msg))
  msg:reply("You get no more alerts.")
end)

bot.on_command("try", { chat_type = "direct" }, function(msg)
  if not tests:allow(msg) then
    return msg:reply("Not so often, please.")
  end
  alert("This is a test.")
end)
