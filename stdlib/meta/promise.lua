---@meta promise
-- Types of the module promise.

---The module: `local promise = require "promise"`. A promise is a value that one handler waits for and another
---gives.
---@class promise
local promise = {}

---Makes a promise.
---
---```lua
---local promise = require "promise"
---local answers = {}
---bot.on_command("order", function(msg)
---  answers[msg.contact_id] = promise.new()
---  local approved, by = answers[msg.contact_id]:wait("1h")
---  msg:reply(approved and "Approved by " .. by or "Nobody has looked at it.")
---end)
---bot.on_command("approve", function(msg, cmd)
---  answers[tonumber(cmd.args)]:resolve(msg.sender.name)
---end)
---```
---@return Promise
function promise.new() end

---A promise of require "promise".
---@class Promise
local Promise = {}

---Gives the value. Tells whether this was the first, whose value counts.
---@param value any
---@return boolean first
function Promise:resolve(value) end

---Waits for the value. Other messages of the chat go to their handlers meanwhile. Waits.
---@param timeout? number|string seconds or "5m" (default 15 minutes)
---@return boolean resolved false at the time-out
---@return any value
function Promise:wait(timeout) end

---Tells whether the value is there.
---@return boolean
function Promise:resolved() end
