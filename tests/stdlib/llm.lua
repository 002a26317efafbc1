-- A bot for the tests of the module llm. It is its own server of a model: what that answers is the text of the last
-- message, as JSON or as a stream. tests/llm has a server that is slow, breaks off and more.
local http = require "http"
local llm = require "llm"

local seen -- the last request

local function reply(req)
  local body = req:json()
  seen = body
  local said = body.messages[#body.messages].content
  if said == "wrong" then
    return { status = 400, json = { error = { message = "no such model; your key is " .. req.headers.authorization } } }
  elseif not body.stream then
    return { json = { choices = { { message = { role = "assistant", content = "whole: " .. said }, finish_reason = "stop" } } } }
  end
  local out = {}
  local function say(delta) out[#out + 1] = "data: " .. json.encode { choices = { { delta = delta } } } .. "\n\n" end
  if said == "spin" then
    say { content = "so far" }
    say { tool_calls = { { index = 0, id = "c", ["function"] = { name = "spin", arguments = "{}" } } } }
  else
    for word in ("you said **" .. said .. "**"):gmatch("%s*%S+") do say { content = word } end
  end
  return { headers = { ["Content-Type"] = "text/event-stream" }, body = table.concat(out) .. "data: [DONE]\n\n" }
end

local server = http.serve { listen = "127.0.0.1:0" }
server:post("/v1/chat/completions", reply)

local ai, kept, spinning
bot.on_start(function()
  local url = "http://" .. server.address .. "/v1/"
  ai = llm.new { url = url, key = "k-123", model = "m", system = "Be brief.", history = 4 }
  kept = llm.new { url = url, model = "m", store = "kept" }
  spinning = llm.new { url = url, model = "m", tools = { spin = { run = function() while true do end end } } }
end)

bot.on_command("complete", function(msg, cmd) msg:reply(ai:complete(cmd.args)) end)
bot.on_command("kept", function(msg, cmd) kept:answer(msg, cmd.args) end)
bot.on_command("ask", function(msg, cmd) spinning:answer(msg, cmd.args) end)
bot.on_command("seen", function(msg)
  local roles = {}
  for i, m in ipairs(seen.messages) do
    roles[i] = m.role:sub(1, 1) .. ":" .. m.content
  end
  msg:reply(table.concat(roles, " | "))
end)
bot.on_command("forget", function(msg) ai:forget(msg) end)
bot.on_command("bad", function(msg)
  for _, o in ipairs {
    {}, { url = "x", model = "m" }, { url = "http://x", model = 1 }, { url = "http://x", model = "m", histry = 1 },
    { url = "http://x", model = "m", tools = { t = {} } }, { url = "http://x", model = "m", history = -1 },
  } do
    local ok, e = pcall(llm.new, o)
    assert(not ok and e.type == "argument", e)
  end
  local ok, e = pcall(function() ai:complete("wrong") end)
  assert(not ok and e.type == "io" and not tostring(e):find("k-123", 1, true), e)
  msg:reply(e.message)
end)
bot.on_message(function(msg)
  local answer = ai:answer(msg)
  if msg.text == "hello" then assert(answer == "you said **hello**", answer) end
end)
