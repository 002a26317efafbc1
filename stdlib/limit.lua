-- Limits how often something may happen, for each person or chat by itself.
--
--   local limit = require "limit"
--   local questions = limit.new { rate = 5, per = "1m" }
--   bot.on_message(function(msg)
--     local ok, wait = questions:allow(msg)
--     if not ok then return msg:reply(("Please wait %d s."):format(wait)) end
--     msg:reply("…")
--   end)

local check = require "check"
local map = require "map"
local people = require "people"
local time = require "time"

---The module: `local limit = require "limit"`. Token buckets: each person, or chat, has a bucket that holds
---`burst` tokens and gets `rate` new ones in the time `per`.
---@class limit
local M = {}

---What limit.new makes.
---@class Limit
local Limit = {}
Limit.__index = Limit

---@class LimitOptions
---@field rate number how many are allowed in the time `per`
---@field per? number|string seconds or "1m" (default 1 minute)
---@field burst? number how many are allowed at once (default: rate)
---@field by? "person"|"chat"|fun(msg: Message): string whose bucket it is (default "person")
---@field capacity? integer how many buckets are kept; beyond it the one longest unused begins anew (default 10,000)

---Makes a limit.
---@param options LimitOptions
---@return Limit
function M.new(options)
  local o = check.options(options, "limit.new", {
    rate = "number", per = "duration?", burst = "number?", by = "string|function?", capacity = "integer?",
  })
  local per = o.per or 60
  local burst = o.burst or o.rate
  if o.rate <= 0 or per <= 0 or burst < 1 then
    check.fail("argument", "limit.new: want a rate and a time above 0 and a burst of 1 or more")
  end
  if type(o.by) == "string" and o.by ~= "person" and o.by ~= "chat" then
    check.fail("argument", 'limit.new.by: want "person", "chat" or a function, got "' .. o.by .. '"')
  end
  return setmetatable({
    speed = o.rate / per,
    burst = burst,
    by = o.by or "person",
    -- A bucket that would be full again is the same as none.
    buckets = map.new { capacity = o.capacity or 10000, ttl = burst * per / o.rate + 1 },
    decided = map.new { capacity = 1000, ttl = "10m" },
  }, Limit)
end

-- Takes tokens out of a bucket, or tells after how many seconds they are there.
local function take(self, key, cost)
  local now = time.now()
  local bucket = self.buckets:get(key) or { tokens = self.burst, at = now }
  local tokens = math.min(self.burst, bucket.tokens + math.max(now - bucket.at, 0) * self.speed)
  local allowed = tokens >= cost
  if allowed then
    tokens = tokens - cost
  end
  self.buckets:set(key, { tokens = tokens, at = now })
  if allowed then
    return true, 0
  end
  return false, (cost - tokens) / self.speed
end

---Takes a token out of the bucket of the message's writer, or of a key, if there is one.
---@param who Message|string
---@param cost? number how many tokens it takes (default 1)
---@return boolean allowed
---@return number wait seconds until it would be allowed; 0 where it is
function Limit:allow(who, cost)
  cost = check.arg(cost, "allow: the cost", "number?") or 1
  if cost <= 0 or cost > self.burst then
    check.fail("argument", ("allow: the cost must be above 0 and at most the burst of %g, got %g"):format(self.burst, cost))
  end
  local key = type(who) == "string" and who or people.by(self.by, who)
  return take(self, key, cost)
end

---Gives the writer of a message, or a key, a full bucket.
---@param who Message|string
function Limit:reset(who)
  self.buckets:delete(type(who) == "string" and who or people.by(self.by, who))
end

---Returns a middleware: messages above the limit reach no handler. A message takes one token, however many
---handlers it has.
---
---```lua
---bot.use(limit.new({ rate = 20, per = "1m" }):middleware(function(msg, wait)
---  msg:reply(("Too fast: wait %d s."):format(wait))
---end))
---```
---@param refused? fun(msg: Message, wait: number) called with the first message that was too much, and again after one that was not
---@return fun(handler: function, msg: Message, data: table)
function Limit:middleware(refused)
  check.arg(refused, "middleware", "function?")
  return function(handler, msg, data)
    local id = msg.chat.ref .. " " .. msg.item_id
    local allowed = self.decided:get(id)
    if allowed == nil then
      local wait
      allowed, wait = self:allow(msg)
      self.decided:set(id, allowed)
      local key = "told " .. people.by(self.by, msg)
      if allowed then
        self.decided:delete(key)
      elseif refused and not self.decided:get(key) then
        self.decided:set(key, true)
        refused(msg, wait)
      end
    end
    if allowed then
      handler(msg, data)
    end
  end
end

return M
