-- A bot for the tests of the module llm against a server of its own.
local crypto = require "crypto"
local http = require "http"
local llm = require "llm"
local promise = require "promise"

local url = os.getenv "LLM_URL"
local key = "sk-secret-" .. crypto.uuid()
local ai, current

local numbers = { type = "object", properties = { a = { type = "number" }, b = { type = "number" } } }
local tools = {
  add = { description = "Adds two numbers", parameters = numbers, run = function(args) return { sum = args.a + args.b } end },
  fail = { run = function() error("it is broken", 0) end },
  cancel = { run = function(_, msg) ai:cancel(msg) end },
}
local options = { key = key, url = url .. "/v1", model = "small", system = "sys", tools = tools, rounds = 3, timeout = 30, max_answer = 20000, max_tokens = 100, temperature = 0.5 }
ai = llm.new(options)
options.timeout = 0.3
local hasty = llm.new(options)

-- The chat sees the beginning of an answer before anybody ends it.
local begun = promise.new()
bot.on_send(function(command)
  if command:find(" live=on ", 1, true) then begun:resolve(true) end
end)

local server = http.serve { listen = "127.0.0.1:0" }
server:post("/cancel", function()
  begun:wait()
  assert(ai:cancel(current) and not ai:cancel(current))
end)
server:post("/next", function()
  begun:wait()
  ai:answer(current, "next")
end)
bot.on_start(function() http.post(url .. "/hello", { body = server.address, auth = { bearer = key } }) end)

-- Says how an answer failed, where it did.
local function told(msg, client)
  local ok, result = pcall(function() return client:answer(msg) end)
  if not ok then
    bot.send(msg.chat, result.type .. ": " .. result.message)
  elseif msg.text:find("^stopped") or msg.text:find("^replaced") or msg.text:find("^cancelled") then
    assert(result == nil, result)
  end
end

bot.on_message(function(msg)
  current = msg
  told(msg, msg.text == "slow" and hasty or ai)
end)
