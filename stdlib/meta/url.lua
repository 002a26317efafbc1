---@meta url
-- Types of the module url.

---The module: `local url = require "url"`.
---@class url
local url = {}

---The parts of an address. What it has not is nil.
---@class UrlParts
---@field scheme? string "https"
---@field host? string without port and brackets
---@field port? string|integer
---@field user? string
---@field password? string
---@field path? string with its escapes resolved
---@field opaque? string what follows the scheme where no // does, as in mailto:
---@field query? table<string, string|number|(string|number)[]> a list where a name occurs several times
---@field fragment? string what follows #

---Takes an address apart. A wrong one raises an error of type data.
---
---```lua
---local url = require "url"
---print(url.parse("https://example.org/a?q=1").query.q) --> 1
---```
---@param text string
---@return UrlParts
function url.parse(text) end

---Puts an address together, with everything escaped that must be.
---@param parts UrlParts
---@return string
function url.build(parts) end

---Returns what a reference on a page means: "../c" on https://example.org/a/b is https://example.org/c.
---@param base string
---@param reference string
---@return string
function url.join(base, reference) end

---Escapes a text for use in a path or a query.
---@param text string
---@return string
function url.escape(text) end

---Resolves the escapes in a text. A wrong one raises an error of type data.
---@param text string
---@return string
function url.unescape(text) end

---Writes a query, in the order of its names, without the question mark.
---@param values table<string, string|number|boolean|(string|number)[]>
---@return string
function url.query(values) end

---Reads a query, or a form as browsers send it.
---@param text string
---@return table<string, string|string[]>
function url.parse_query(text) end
