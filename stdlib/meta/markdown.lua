---@meta markdown
-- Types of the module markdown.

---The module: `local markdown = require "markdown"`. Markdown (CommonMark with GFM's tables, task lists,
---strikethrough and links), as language models write it, to the marks of SimpleX and back.
---
---SimpleX knows `*bold*`, `_italic_`, `~strike~`, `` `code` ``, `#secret#` and `!1 colored!`: on one line, at the
---borders of words, not inside each other. Whatever it has no mark for stays as text: no word, link or number of a
---list is lost. Texts have at most 1 MiB.
---@class markdown
local markdown = {}

---Turns Markdown into a text for SimpleX. Headings and the names of columns become bold lines, links "text (url)",
---images "alt (url)", items "• " or their numbers, tasks "☐ " and "☑ ", quotes "> ", tables rows with " | ", code
---blocks lines of code, HTML stays as it is. An emphasis that SimpleX could not show, as one in the middle of a word,
---goes without its marks. A character that would be read as a mark by accident gets a zero-width space (U+200B)
---before it. Raises argument, and limit for a text that is too long.
---
---```lua
---local markdown = require "markdown"
---msg:reply(markdown.to_simplex("## Result\n\n1. **one**\n2. [two](https://example.org)"))
-----> *Result*
----->
-----> 1. *one*
-----> 2. two (https://example.org)
---```
---@param text string
---@return string
function markdown.to_simplex(text) end

---Turns a text of SimpleX into Markdown, as for a bridge to another network. Lines stay lines. Colours become bold,
---a secret becomes `||secret||`. Raises argument, and limit for a text that is too long.
---@param text string
---@return string
function markdown.from_simplex(text) end

return markdown
