-- Sends alerts of programs to people: whoever sent /subscribe gets them.
-- Programs post {"text":"…"} to /alert, signed as README.md says; /try sends one by hand.
-- Try it: simplex-lua dev

local http = require "http"
local limit = require "limit"
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

local people = store.open "subscribers"
local tests = limit.new { rate = 3, per = "10m" }

local function alert(text)
  for _, entry in ipairs(people:list "") do
    local ok, err = pcall(bot.send, entry.key, text)
    if not ok then
      log.warn("an alert is not sent", { chat = entry.key, error = err })
    end
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
  people:set(msg.chat.ref, true)
  msg:reply("You get alerts now.")
end)

bot.on_command("unsubscribe", { chat_type = "direct" }, function(msg)
  people:delete(msg.chat.ref)
  msg:reply("You get no more alerts.")
end)

bot.on_command("try", { chat_type = "direct" }, function(msg)
  if not tests:allow(msg) then
    return msg:reply("Not so often, please.")
  end
  alert("This is a test.")
end)
