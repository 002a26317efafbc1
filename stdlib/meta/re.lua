---@meta re
-- Types of the module re.

---The module: `local re = require "re"`. Regular expressions as RE2 has them: no backreferences and no
---looking around, but one search takes time in proportion to the text, times the size of the expression: {1000}
---counts as a thousand. gmatch, replace and split search once for each match; the CPU limit cuts them between two.
---Where text and expression together are too large for one search, it raises an error of type limit. Each
---function takes an expression or its text first; a compiled one has them as methods. It is also a filter,
---as bot.re"…".
---@class re
local re = {}

---Compiles an expression. A wrong one raises an error of type argument that says where.
---
---```lua
---local re = require "re"
---local order = re.compile [[^order (?P<count>\d+) (\w+)$]]
---bot.on_message({ text = order }, function(msg)
---  local m = order:captures(msg.text)
---  msg:reply(m.count .. " times " .. m[2])
---end)
---```
---@param pattern string at most 16 KiB
---@return Regexp
function re.compile(pattern) end

---Returns the text with everything escaped that means something in an expression.
---@param text string
---@return string
function re.escape(text) end

---Returns the captures of the first match, or the whole match where there are none; nil without a match.
---@param pattern string|Regexp
---@param text string at most 1 MiB
---@param from? integer where to begin, as in string.find; ^ and \b still see what is before
---@return string? capture
function re.match(pattern, text, from) end

---Returns where the first match begins and ends, and its captures; nil without a match.
---@param pattern string|Regexp
---@param text string
---@param from? integer
---@return integer? first
---@return integer? last
function re.find(pattern, text, from) end

---Returns the captures of the first match as a table: 0 has the whole match, numbers and names the captures.
---@param pattern string|Regexp
---@param text string
---@param from? integer
---@return table<integer|string, string>?
function re.captures(pattern, text, from) end

---Iterates over the matches, with their captures or, where there are none, the whole match.
---@param pattern string|Regexp
---@param text string
---@return fun(): string
function re.gmatch(pattern, text) end

---Replaces the matches by a text, in which $1 and ${name} are captures and $$ is a dollar, or by what a
---function of the captures returns; nil and false keep the match.
---@param pattern string|Regexp
---@param text string
---@param by string|fun(...: string): any
---@param limit? integer how many at most
---@return string text
---@return integer count
function re.replace(pattern, text, by, limit) end

---Returns the parts of the text between the matches.
---@param pattern string|Regexp
---@param text string
---@param limit? integer how many parts at most; the last has the rest
---@return string[]
function re.split(pattern, text, limit) end

---Tells whether the expression matches somewhere in the text.
---@param pattern string|Regexp
---@param text string
---@return boolean
function re.test(pattern, text) end

---A compiled expression of require "re": its methods are the functions of the module.
---@class Regexp
local Regexp = {}

---As re.match.
---@param text string
---@param from? integer
---@return string? capture
function Regexp:match(text, from) end

---As re.find.
---@param text string
---@param from? integer
---@return integer? first
---@return integer? last
function Regexp:find(text, from) end

---As re.captures.
---@param text string
---@param from? integer
---@return table<integer|string, string>?
function Regexp:captures(text, from) end

---As re.gmatch.
---@param text string
---@return fun(): string
function Regexp:gmatch(text) end

---As re.replace.
---@param text string
---@param by string|fun(...: string): any
---@param limit? integer
---@return string text
---@return integer count
function Regexp:replace(text, by, limit) end

---As re.split.
---@param text string
---@param limit? integer
---@return string[]
function Regexp:split(text, limit) end

---As re.test.
---@param text string
---@return boolean
function Regexp:test(text) end
