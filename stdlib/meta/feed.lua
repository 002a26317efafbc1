---@meta feed
-- Types of the module feed.

---The module: `local feed = require "feed"`. It reads RSS, Atom and JSON feeds.
---@class feed
local feed = {}

---@class Feed
---@field title? string
---@field description? string
---@field link? string
---@field kind "rss"|"atom"|"json"
---@field updated? integer seconds since 1970
---@field items FeedItem[] in their order, at most 1,000

---@class FeedItem
---@field id? string what tells it from the others: its guid, else its link, else its title
---@field title? string
---@field description? string may be HTML: see feed.text
---@field content? string may be HTML
---@field link? string
---@field published? integer seconds since 1970
---@field updated? integer
---@field author? string
---@field categories? string[]
---@field enclosure? string where a file that belongs to it is

---Reads a feed. A wrong text raises an error of type data. Waits.
---
---```lua
---local feed, http = require "feed", require "http"
---bot.on_command("news", function(msg)
---  local news = feed.parse(http.get("https://example.org/rss").body)
---  msg:reply(news.items[1].title .. "\n" .. feed.text(news.items[1].description or ""))
---end)
---```
---@param text string at most 8 MiB
---@return Feed
function feed.parse(text) end

---Returns the text of HTML: a line per block, no elements, no scripts.
---@param html string
---@return string
function feed.text(html) end
