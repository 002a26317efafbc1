---@meta csv
-- Types of the module csv.

---The module: `local csv = require "csv"`.
---@class csv
local csv = {}

---@class CsvDecodeOptions
---@field header? boolean the first row names the fields, and rows are tables by these names (default: rows are lists)
---@field separator? string one character (default: a comma)
---@field comment? string lines that begin with this character are left out
---@field lazy_quotes? boolean a quote may stand within a field
---@field trim? boolean spaces at the begin of a field are dropped
---@field max_rows? integer default 100,000

---Reads a table of texts. A wrong one raises an error of type data that names the line.
---
---```lua
---local csv = require "csv"
---for _, person in ipairs(csv.decode("name,age\nAnn,7\n", { header = true })) do
---  print(person.name, person.age)
---end
---```
---@param text string at most 16 MiB
---@param options? CsvDecodeOptions
---@return table[]
function csv.decode(text, options) end

---@class CsvEncodeOptions
---@field header? string[] names the fields in a row of its own; rows may then be tables by these names
---@field separator? string
---@field crlf? boolean lines end in carriage return and line feed

---Writes a table. Fields are texts, numbers, booleans or nil.
---@param rows table[]
---@param options? CsvEncodeOptions
---@return string
function csv.encode(rows, options) end
