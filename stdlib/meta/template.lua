---@meta template
-- Types of the module template.

---The module: `local template = require "template"`. Texts with gaps as Go's text/template has them:
---{{.name}}, {{range .items}} … {{end}}, {{if .paid}} … {{else}} … {{end}}, {{.name | upper}}. Beside its own
---functions there are upper, lower, trim, join (separator, list), default (fallback) and plain, which keeps
---the apps from reading * and _ in a text as marks. Loops count against the CPU limit, whatever they write;
---templates may call themselves, up to 100 in each other.
---@class template
local template = {}

---Compiles a template. A wrong one raises an error of type argument that names its line.
---@param text string
---@return Template
function template.compile(text) end

---Fills a template. What the data lacks raises an error of type data. A table with a first element is a
---list, any other a table of names.
---
---```lua
---local template = require "template"
---print(template.render("Hello {{.name}}!", { name = "Ann" }))
---```
---@param text string
---@param data any
---@return string
function template.render(text, data) end

---A compiled template.
---@class Template
local Template = {}

---As template.render.
---@param data any
---@return string
function Template:render(data) end
