-- Texts in the language of each person or chat.
--
--   local i18n = require "i18n"
--   local texts = i18n.new {
--     default = "en",
--     languages = {
--       en = { hello = "Hello {name}!", found = { one = "{n} file", other = "{n} files" } },
--       de = { hello = "Hallo {name}!", found = { one = "{n} Datei", other = "{n} Dateien" } },
--     },
--   }
--   texts:command()   -- /language de
--   bot.on_message(function(msg) msg:reply(texts:t(msg, "hello", { name = msg.sender.name })) end)

local check = require "check"
local language = require "language"
local map = require "map"
local people = require "people"
local store = require "store"

---The module: `local i18n = require "i18n"`.
---@class i18n
local M = {}

---What i18n.new makes.
---@class Texts
local Texts = {}
Texts.__index = Texts

---@class I18nOptions
---@field default string the language of those who have chosen none, and of texts that others lack
---@field languages table<string, table<string, string|table<string, string>>> texts by key; a table has plural forms: zero, one, two, few, many, other
---@field by? "person"|"chat" whose language it is (default "chat")
---@field name? string tells its store from those of others (default "i18n")

---Makes a set of texts. A language without some of the default's keys is fine; with others it is an error.
---@param options I18nOptions
---@return Texts
function M.new(options)
  local o = check.options(options, "i18n.new", { default = "string", languages = "table", by = "string?", name = "string?" })
  local first = o.languages[o.default]
  if type(first) ~= "table" then
    check.fail("argument", "i18n.new.default: no texts for " .. o.default)
  end
  local available = { o.default }
  for tag, texts in pairs(o.languages) do
    language.plural(tag, 1) -- raises where it is no language
    if tag ~= o.default then
      available[#available + 1] = tag
    end
    for key, text in pairs(texts) do
      check.arg(text, ("i18n.new.languages.%s.%s"):format(tag, key), "string|table")
      if first[key] == nil then
        check.fail("argument", ("i18n.new.languages.%s.%s: the default language %s has no such text"):format(tag, key, o.default))
      end
    end
  end
  table.sort(available, function(a, b) return a ~= b and (a == o.default or b ~= o.default and a < b) end)
  return setmetatable({
    default = o.default, languages = o.languages, available = available, by = o.by or "chat",
    store = store.open("i18n." .. (o.name or "i18n")), known = map.new { capacity = 10000 },
  }, Texts)
end

---Returns the language of a message's chat, or writer. Waits the first time.
---@param msg Message
---@return string
function Texts:language(msg)
  local key = people.by(self.by, msg)
  local tag = self.known:get(key)
  if not tag then
    tag = self.store:get(key)
    tag = self.languages[tag] and tag or self.default
    self.known:set(key, tag)
  end
  return tag
end

---Sets the language of a message's chat, or writer: the one of those there are that suits best. Waits.
---@param msg Message
---@param tag string
---@return string tag the one that was set
function Texts:set(msg, tag)
  local key = people.by(self.by, msg)
  tag = language.match({ check.arg(tag, "set: the language", "string") }, self.available)
  self.store:set(key, tag)
  self.known:set(key, tag)
  return tag
end

---Returns a text in a language.
---@param tag string
---@param key string
---@param values? table<string, string|number> for {name} in the text; n decides about the plural form
---@return string
function Texts:text(tag, key, values)
  local text = (self.languages[tag] or {})[key]
  if text == nil then
    tag, text = self.default, self.languages[self.default][key]
  end
  if text == nil then
    check.fail("argument", ("t: no text %q"):format(tostring(key)))
  end
  values = values or {}
  if type(text) == "table" then
    local n = check.arg(values.n, "t: the value n, which the plural needs,", "number")
    local form = language.plural(tag, n)
    text = text[form] or text.other or check.fail("argument", ("t: the text %q has neither %s nor other"):format(key, form))
  end
  return (text:gsub("{([%w_]+)}", function(name)
    local value = values[name]
    if value == nil then
      check.fail("argument", ("t: the text %q needs the value %s"):format(key, name))
    end
    return tostring(value)
  end))
end

---Returns a text in the language of a message's chat, or writer. Waits the first time.
---@param msg Message
---@param key string
---@param values? table<string, string|number>
---@return string
function Texts:t(msg, key, values)
  return self:text(self:language(msg), key, values)
end

---Registers the command /language: it tells the language, or sets it.
---@param keyword? string default "language"
---@return Handle
function Texts:command(keyword)
  return bot.on_command(keyword or "language", function(msg, cmd)
    local tag = cmd.args:match("^[%w%-]+$")
    if tag and pcall(language.plural, tag, 1) then
      self:set(msg, tag)
    end
    msg:reply(("%s (%s)"):format(self:language(msg), table.concat(self.available, ", ")))
  end)
end

return M
