-- Lines of the IRC protocol (RFC 2812, with the tags of IRCv3) as texts and as tables. See irc.parse.

local check = require "check"

local M = {}

-- The protocol's bound on parameters.
local max_params = 15

local escaped = { [":"] = ";", s = " ", ["\\"] = "\\", r = "\r", n = "\n" }
local escapes = { [";"] = "\\:", [" "] = "\\s", ["\\"] = "\\\\", ["\r"] = "\\r", ["\n"] = "\\n" }

local function parse_tags(text)
  local tags = {}
  for tag in text:gmatch "[^;]+" do
    local key, value = tag:match "^([^=]+)=?(.*)$"
    if key then
      tags[key] = value:gsub("\\(.?)", function(c) return escaped[c] or c end)
    end
  end
  return tags
end

local function format_tags(tags)
  local list = {}
  for key, value in pairs(tags) do
    value = value:gsub("[; \\\r\n]", escapes)
    list[#list + 1] = value == "" and key or key .. "=" .. value
  end
  table.sort(list)
  return table.concat(list, ";")
end

-- Adds who sent a message: nick, user and host of a person, host of a server.
local function set_sender(message, prefix)
  message.prefix = prefix
  message.nick, message.user, message.host = prefix:match "^([^!@]+)!([^@]*)@(.*)$"
  if not message.nick then
    message.host = prefix
    if not prefix:find("[.@!]") then
      message.nick = prefix
    end
  end
end

function M.parse(line)
  if line:find "[%z\r\n]" then
    return nil, "there is a NUL or the end of a line in it"
  end
  local message, at = { params = {} }, 1
  local tags, after = line:match "^@([^ ]+) +()"
  if tags then
    message.tags, at = parse_tags(tags), after
  end
  local prefix
  prefix, after = line:match("^:([^ ]+) +()", at)
  if prefix then
    set_sender(message, prefix)
    at = after
  end
  message.command, after = line:match("^(%a+)()", at)
  if not message.command then
    message.command, after = line:match("^(%d%d%d)()", at)
  end
  if not message.command or line:find("^[^ ]", after) then
    return nil, "there is no command in it"
  end
  message.command, at = message.command:upper(), after
  local params = message.params
  while true do
    local start = line:match("^ +()", at)
    if not start or start > #line then
      return message
    end
    local colon = line:sub(start, start) == ":"
    if colon or #params == max_params - 1 then
      params[#params + 1] = line:sub(colon and start + 1 or start)
      return message
    end
    params[#params + 1], at = line:match("^([^ ]+)()", start)
  end
end

function M.format(message)
  local parts = {}
  if message.tags and next(message.tags) then
    parts[1] = "@" .. format_tags(message.tags)
  end
  if message.prefix then
    parts[#parts + 1] = ":" .. message.prefix
  end
  parts[#parts + 1] = message.command
  local params = message.params or {}
  for i, param in ipairs(params) do
    if param == "" or param:find "^:" or param:find " " then
      if i < #params then
        check.fail("argument", ("irc.format: parameter %d is empty, begins with a colon or has spaces, which only the last may"):format(i))
      end
      param = ":" .. param
    end
    parts[#parts + 1] = param
  end
  return M.safe(table.concat(parts, " "), "irc.format")
end

-- Refuses what would end a line and begin another.
function M.safe(text, what)
  if text:find "[%z\r\n]" then
    check.fail("argument", what .. ": a line cannot hold a NUL or the end of a line", "Send the lines of a text one by one, as client:say does.")
  end
  return text
end

-- What follows the first byte of each character of more than one byte.
local tails = {}
local function set_tails(first, last, pattern)
  for byte = first, last do
    tails[byte] = "^." .. pattern .. "()"
  end
end
local more = "[\128-\191]"
set_tails(194, 223, more)
set_tails(224, 224, "[\160-\191]" .. more)
set_tails(225, 239, more .. more)
set_tails(237, 237, "[\128-\159]" .. more)
set_tails(240, 240, "[\144-\191]" .. more .. more)
set_tails(241, 243, more .. more .. more)
set_tails(244, 244, "[\128-\143]" .. more .. more)

function M.is_utf8(text)
  local at = text:find "[\128-\255]"
  while at do
    local tail = tails[text:byte(at)]
    local after = tail and text:match(tail, at)
    if not after then
      return false
    end
    at = text:find("[\128-\255]", after)
  end
  return true
end

local function from_latin1(char)
  local byte = char:byte()
  return byte < 192 and "\194" .. char or "\195" .. string.char(byte - 64)
end

-- Returns a text as UTF-8: what is none counts as ISO 8859-1.
function M.decode(text)
  if M.is_utf8(text) then
    return text
  end
  return (text:gsub("[\128-\255]", from_latin1))
end

local function to_latin1(char)
  local first, second, third = char:byte(1, 3)
  if first > 195 or not second or third then
    return "?"
  end
  return string.char(second + (first == 195 and 64 or 0))
end

-- Returns UTF-8 as ISO 8859-1, with ? for what that has not.
function M.to_latin1(text)
  return (text:gsub("[\192-\255][\128-\191]*", to_latin1))
end

-- Splits a text into pieces of at most so many bytes, at words where it can and never inside a character.
function M.split(text, room)
  local pieces = {}
  while #text > room do
    local cut = text:sub(1, room + 1):match "^.*() "
    local after = cut and cut + 1
    if not cut or cut == 1 then
      after = room + 1
      while after > 2 and text:find("^[\128-\191]", after) do
        after = after - 1
      end
      cut = after
    end
    pieces[#pieces + 1] = text:sub(1, cut - 1)
    text = text:sub(text:match("^ *()", after))
  end
  if text ~= "" or #pieces == 0 then
    pieces[#pieces + 1] = text
  end
  return pieces
end

-- Capital letters of each case mapping that servers name.
local capitals = { ascii = "[A-Z]", rfc1459 = "[A-Z%[%]\\~]", ["strict-rfc1459"] = "[A-Z%[%]\\]" }
local small = { ["["] = "{", ["]"] = "}", ["\\"] = "|", ["~"] = "^" }

function M.lower(text, mapping)
  return (text:gsub(capitals[mapping] or capitals.rfc1459, function(char) return small[char] or char:lower() end))
end

return M
