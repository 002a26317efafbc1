---@meta check
-- Types of the module check.

---The module: `local check = require "check"`. Modules written in Lua look at their arguments with it; its
---errors point at the line of the script that called the module.
---@class check
local check = {}

---Raises an error table with this type and message.
---@param type string as "argument", "limit", "data"
---@param message string what was wrong
---@param hint? string what to do next, shown on a line of its own
function check.fail(type, message, hint) end

---Returns the value if it has the type; else it raises an error of type argument.
---
---```lua
---local check = require "check"
---local function greet(name, wait)
---  check.arg(name, "greet: the name", "string")
---  sleep(check.arg(wait, "greet: the wait", "duration?") or 0)
---  return "Hello " .. name
---end
---```
---@param value any
---@param what string names the argument in the error
---@param type string "string", "number", "integer", "boolean", "function", "table", "list", "any" or "duration" (given back in seconds), several with |, a ? at the end for optional
---@return any value
function check.arg(value, what, type) end

---Returns a copy of an options table; an unknown key or a wrong type raises an error of type argument.
---@param options table|nil
---@param what string names the function in the error
---@param types table<string, string> the type of each option, as for check.arg
---@return table
function check.options(options, what, types) end
