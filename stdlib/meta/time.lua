---@meta time
-- Types of the module time.

---The module: `local time = require "time"`. A time is a number of seconds since 1970, with a fraction; a zone
---is "UTC" (the default), "local", a name as "Europe/Berlin" or an offset as "+02:00". What shall happen at a
---time is bot.after, bot.every and bot.cron.
---@class time
local time = {}

---Returns the time now.
---@return number
function time.now() end

---@class TimeFields
---@field year integer
---@field month? integer default 1
---@field day? integer default 1
---@field hour? integer
---@field min? integer
---@field sec? integer
---@field wday? integer 1 is Sunday
---@field yday? integer day of the year
---@field week? integer week of the year, as ISO 8601 counts
---@field isdst? boolean
---@field zone? string its short name then, as "CET"
---@field offset? integer seconds east of UTC

---Takes a time apart.
---@param t? number default: now
---@param zone? string
---@return TimeFields
function time.date(t, zone) end

---Puts a time together. A day 32 is the first of the next month or so.
---
---```lua
---local time = require "time"
---print(time.format(time.make({ year = 2026, month = 12, day = 24, hour = 18 }, "Europe/Berlin")))
---```
---@param fields TimeFields
---@param zone? string
---@return number
function time.make(fields, zone) end

---@class TimeStep
---@field years? integer
---@field months? integer the 31st of a shorter month is its last day
---@field weeks? integer
---@field days? integer to the same hour of another day, whatever the clocks do at night
---@field hours? integer
---@field minutes? integer
---@field seconds? number

---Returns a time so much later, or earlier for negative numbers.
---@param t number
---@param step TimeStep
---@param zone? string
---@return number
function time.add(t, step, zone) end

---Writes a time.
---@param t? number default: now
---@param pattern? string as os.date has it, "%d.%m.%Y %H:%M" (default: RFC 3339)
---@param zone? string
---@return string
function time.format(t, pattern, zone) end

---Reads a time; nil where the text is none.
---@param text string
---@param pattern? string as for time.format (default: the usual forms, "2026-12-24 18:00", RFC 3339, RFC 1123)
---@param zone? string where the text names none
---@return number?
function time.parse(text, pattern, zone) end

---Reads a duration as people write it: "90", "1h30m", "2 days, 4 hours"; nil where the text is none.
---@param text string
---@return number? seconds
function time.duration(text) end

---Writes a duration by its two largest parts: "1h 30m".
---@param seconds number
---@return string
function time.humanize(seconds) end
