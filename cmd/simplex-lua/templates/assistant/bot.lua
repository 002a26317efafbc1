-- Answers with a language model, and you see its words as it writes. It remembers each chat.
-- Send anything; /stop ends an answer, /new forgets what was said. Works with any server of OpenAI's API.
-- Try it: simplex-lua dev (README.md says how to name a model)

local limit = require "limit"
local llm = require "llm"

bot.configure {
  profile = { display_name = "BOTNAME", short_descr = "Answers questions" },
  welcome = "Ask me anything. /new begins a new talk.",
  commands = { { keyword = "new", label = "Forget what was said" } },
}

local url = os.getenv "MODEL_URL"
local ai = llm.new {
  url = url or "http://127.0.0.1:11434/v1",
  model = os.getenv "MODEL" or "llama3.2",
  key = os.getenv "MODEL_KEY",
  system = "You are a helpful assistant in a chat. Answer in a few sentences.",
  store = true, -- what was said outlives restarts
}
local questions = limit.new { rate = 10, per = "1m" }

bot.on_command("new", function(msg)
  ai:forget(msg)
  msg:reply("Forgotten.")
end)

bot.on_message({ chat_type = "direct", content_type = "text" }, function(msg)
  if not questions:allow(msg) then
    return msg:reply("One after the other, please.")
  elseif not url then
    return msg:reply("No model is set up yet: MODEL_URL is missing.")
  end
  ai:answer(msg)
end)
