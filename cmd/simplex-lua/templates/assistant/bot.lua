-- Answers with a language model that speaks the OpenAI form of HTTP, as a local one does.
-- Send anything and get its answer; /new forgets what was said.
-- Try it: simplex-lua dev BOTNAME.lua (README.md says how to name a model)

local http = require "http"
local limit = require "limit"
local store = require "store"

bot.configure {
  profile = { display_name = "BOTNAME", short_descr = "Answers questions" },
  welcome = "Ask me anything. /new begins a new talk.",
  commands = { { keyword = "new", label = "Forget what was said" } },
  handler_timeout = 120,
}

local url, model = os.getenv "MODEL_URL", os.getenv "MODEL"
local key = os.getenv "MODEL_KEY"
local role = "You are a helpful assistant in a chat. Answer in a few sentences."
local talks = store.open "talks"
local questions = limit.new { rate = 10, per = "1m" }

bot.on_command("new", function(msg)
  talks:delete(msg.chat.ref)
  msg:reply("Forgotten.")
end)

-- Asks the model what comes next in a talk.
local function answer(talk)
  local ask = { { role = "system", content = role } }
  for _, said in ipairs(talk) do
    ask[#ask + 1] = said
  end
  local auth = key and { bearer = key } or nil
  local reply = http.post(url, { json = { model = model, messages = ask }, auth = auth, timeout = 100 })
  return reply:json().choices[1].message.content
end

bot.on_message({ chat_type = "direct", content_type = "text" }, function(msg)
  if not url then
    return msg:reply("No model is set up yet: MODEL_URL is missing.")
  elseif not questions:allow(msg) then
    return msg:reply("One after the other, please.")
  end
  local talk = talks:get(msg.chat.ref, {})
  talk[#talk + 1] = { role = "user", content = msg.text }
  while #talk > 20 do -- what the model sees again
    table.remove(talk, 1)
  end
  local ok, text = pcall(answer, talk)
  if not ok then
    log.error("no answer of the model", { error = text })
    return msg:reply("I cannot answer now. Please try again later.")
  end
  talk[#talk + 1] = { role = "assistant", content = text }
  talks:set(msg.chat.ref, talk, { ttl = "7d" })
  msg:reply(text)
end)
