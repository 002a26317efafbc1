---@meta map
-- Types of the module map.

---The module: `local map = require "map"`. A map keeps what a bot remembers for long: it frees the
---memory of what is deleted, which tables of Lua do not, and can forget by itself. It lives as long as
---this version of the script; what must outlive a reload belongs into bot.state.
---@class map
local map = {}

---@class MapOptions
---@field capacity? integer how many entries it keeps at most; adding one more removes the one whose set is longest ago (default: no bound)
---@field ttl? number|string how long an entry stays after it was set, seconds or "5m" (default: for ever)

---Makes an empty map.
---
---```lua
---local map = require "map"
---local seen = map.new { capacity = 10000, ttl = "1h" }
---bot.on_message(function(msg)
---  local n = (seen:get(msg.chat.ref) or 0) + 1
---  seen:set(msg.chat.ref, n)
---  if n > 100 then msg:reply("That is enough for now.") end
---end)
---```
---@param options? MapOptions
---@return Map
function map.new(options) end

---A map of require "map". Keys are strings, numbers or booleans; values are anything but nil.
---@class Map
local Map = {}

---Returns the value of a key, nil where there is none or it has expired.
---@param key string|number|boolean
---@return any value
function Map:get(key) end

---Adds or changes an entry; nil deletes it. Its time begins anew, with the ttl given here or else
---that of the map.
---@param key string|number|boolean
---@param value any
---@param ttl? number|string how long it stays, seconds or "5m"
function Map:set(key, value, ttl) end

---Deletes an entry and tells whether there was one.
---@param key string|number|boolean
---@return boolean deleted
function Map:delete(key) end

---Counts the entries that have not expired.
---@return integer
function Map:len() end

---Deletes all entries.
function Map:clear() end

---Walks through the entries in the order in which their keys were added. The loop may set and delete
---entries of the map, and may wait: entries that are deleted or expire are passed over, changed ones
---come with their new value, and those added since the walk began do not come.
---
---```lua
---for name, score in scores:pairs() do
---  if score == 0 then scores:delete(name) end
---end
---```
---@return fun(): any, any
function Map:pairs() end
