---@meta language
-- Types of the module language.

---The module: `local language = require "language"`. Languages are tags as "de" or "pt-BR". The module i18n
---builds on it.
---@class language
local language = {}

---Returns the plural form that a language wants for a number.
---
---```lua
---local language = require "language"
---print(language.plural("pl", 3)) --> few
---```
---@param language string
---@param n number
---@return "zero"|"one"|"two"|"few"|"many"|"other"
function language.plural(language, n) end

---Returns the language of those available that suits best; the first where none does.
---@param wanted string[] the best first
---@param available string[]
---@return string
function language.match(wanted, available) end
