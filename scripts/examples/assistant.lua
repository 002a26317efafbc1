-- An assistant: a language model answers, and you see its words as it writes. It remembers each chat.
-- Send anything; /stop ends an answer, /new begins a new conversation. Works with any server of OpenAI's API.
-- Run: LLM_KEY=… simplex-lua run --allow net=api.openai.com,env=LLM_KEY scripts/examples/assistant.lua

local limit = require "limit"
local llm = require "llm"

local ai = llm.new {
  url = os.getenv "LLM_URL" or "https://api.openai.com/v1",
  key = os.getenv "LLM_KEY",
  model = os.getenv "LLM_MODEL" or "gpt-4o-mini",
  system = "You are a helpful assistant in a chat. Answer in a few sentences.",
  store = true,
  tools = {
    time = {
      description = "Returns the current date and time in UTC",
      run = function() return os.date("!%Y-%m-%d %H:%M") end,
    },
  },
}

local questions = limit.new { rate = 20, per = "1h" }

bot.configure {
  profile = { display_name = "Assistant", short_descr = "Ask me anything" },
  welcome = "Ask me anything. What you write goes to a server of a language model.",
  commands = { { keyword = "new", label = "New conversation" } },
}

bot.on_command("new", function(msg)
  ai:forget(msg)
  msg:reply("Let us begin anew.")
end)

bot.on_message({ chat_type = "direct", content_type = "text" }, function(msg)
  if not questions:allow(msg) then
    return msg:reply("That is enough for an hour. Please come back later.")
  end
  ai:answer(msg)
end)
