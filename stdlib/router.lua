-- Routes messages to functions by regular expressions, the first that matches.
--
--   local router = require "router"
--   local r = router.new()
--   r:on([[^order (?P<count>\d+) (?P<what>\w+)$]], function(msg, order) msg:reply(order.count .. " " .. order.what) end)
--   r:otherwise(function(msg) msg:reply("I know: order 2 pears") end)
--   bot.on_message(r:handler())

local check = require "check"
local re = require "re"

---The module: `local router = require "router"`.
---@class router
local M = {}

---What router.new makes.
---@class Router
local Router = {}
Router.__index = Router

---Makes a router without routes.
---@return Router
function M.new()
  return setmetatable({ routes = {} }, Router)
end

---Adds a route at the end. fn gets the message and the captures: 0 is the whole match, then numbers and names. A
---route that returns router.NEXT is passed over, and the next one is tried.
---@param pattern string|Regexp RE2; put (?i) before it to match without case
---@param fn fun(msg: Message, captures: table<integer|string, string>): any
---@return Router self so that routes can be chained
function Router:on(pattern, fn)
  check.arg(fn, "on: the function", "function")
  self.routes[#self.routes + 1] = { re = type(pattern) == "string" and re.compile(pattern) or pattern, fn = fn }
  return self
end

---Sets the function for messages that no route takes.
---@param fn fun(msg: Message): any
---@return Router self
function Router:otherwise(fn)
  self.fallback = check.arg(fn, "otherwise", "function")
  return self
end

---What a route returns to be passed over.
---@type table
M.NEXT = setmetatable({}, { __tostring = function() return "router.NEXT" end })

---Gives a message to the first route that takes it. Tells whether there was one.
---@param msg Message
---@param text? string what the patterns are held against (default: the message's text)
---@return boolean routed
function Router:route(msg, text)
  text = text or msg.text
  for _, route in ipairs(self.routes) do
    local captures = route.re:captures(text)
    if captures and route.fn(msg, captures) ~= M.NEXT then
      return true
    end
  end
  if self.fallback then
    self.fallback(msg)
  end
  return self.fallback ~= nil
end

---Returns a handler for bot.on_message.
---@return fun(msg: Message)
function Router:handler()
  return function(msg) self:route(msg) end
end

return M
