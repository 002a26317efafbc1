-- A bot that may ask no server.
local llm = require "llm"

local ai = llm.new { url = "http://127.0.0.1:1/v1", model = "m", failed = false }
bot.on_message(function(msg)
  local ok, e = pcall(function() return ai:answer(msg) end)
  msg:reply(tostring(ok) .. " " .. e.type)
end)
