-- Writes the lines of commands from patterns. See irc.serializer.

local check = require "check"
local line = require "irc.line"

-- A serializer. Its methods do not wait.
local Serializer = {}
Serializer.__index = Serializer

local M = {}

local function text_of(value, name)
  local kind = type(value)
  if kind ~= "string" and kind ~= "number" then
    check.fail("argument", ("irc: %s: want a text or a number, got a %s"):format(name, kind))
  end
  return tostring(value)
end

local function joined_by(separator)
  return function(value, name)
    if type(value) ~= "table" then
      return text_of(value, name)
    end
    local list = {}
    for i, v in ipairs(value) do
      list[i] = text_of(v, name)
    end
    return table.concat(list, separator)
  end
end

M.formatters = {
  bool = function(value, name) return value and name or "" end,
  join = joined_by "",
  comma = joined_by ",",
  space = joined_by " ",
  nospace = function(value, name)
    local text = text_of(value, name)
    if text:find " " then
      check.fail("argument", ("irc: %s cannot have spaces"):format(name))
    end
    return text
  end,
}

function M.new(formatters)
  local s = setmetatable({ formatters = {}, patterns = {} }, Serializer)
  for name, fn in pairs(formatters or {}) do
    s:formatter(name, fn)
  end
  return s
end

-- Takes a pattern apart: texts and { name, formatters, last } in turn.
local function compile(self, text)
  local pattern = { text = line.safe(text, "irc.serializer"), params = {}, count = 0 }
  local at, last = 1, false
  while at <= #text do
    local open = text:find("{", at, true) or #text + 1
    local literal = text:sub(at, open - 1)
    if literal:find "}" then
      check.fail("argument", ("irc.serializer: %s: a } without a {"):format(text))
    end
    last = last or literal:find " :" ~= nil
    pattern[#pattern + 1] = literal
    if open > #text then
      break
    end
    local name, formats, after = text:match("^{([%w_]+):?([^{}]*)}()", open)
    if not name then
      check.fail("argument", ("irc.serializer: %s: want {name} or {name:formatter}"):format(text))
    end
    local slot = { name = name, last = last, spaces = false, empty = false }
    for format in formats:gmatch "[^|]+" do
      local fn = self.formatters[format]
      if not fn then
        check.fail("argument", ("irc.serializer: %s: there is no formatter %q"):format(text, format))
      end
      slot[#slot + 1] = fn
      slot.spaces = slot.spaces or format == "space"
      slot.empty = slot.empty or format == "bool"
    end
    pattern[#pattern + 1] = slot
    if not pattern.params[name] then
      pattern.params[name] = true
      pattern.count = pattern.count + 1
    end
    at = after
  end
  return pattern
end

-- Adds a pattern to those of a command. {name} stands for a parameter, {name:formatter} for one that a function
-- writes, {name:one|two} for two of them. What follows a " :" may have spaces.
function Serializer:register(command, pattern)
  local compiled = compile(self, check.arg(pattern, "serializer:register: the pattern", "string"))
  command = check.arg(command, "serializer:register: the command", "string"):upper()
  local list, at = self.patterns[command] or {}, 1
  -- The one with the most parameters first; among equals the older one.
  while list[at] and list[at].count >= compiled.count do
    at = at + 1
  end
  table.insert(list, at, compiled)
  self.patterns[command] = list
end

-- Puts patterns in the place of those that a command has.
function Serializer:replace(command, ...)
  command = check.arg(command, "serializer:replace: the command", "string"):upper()
  local before = self.patterns[command]
  self.patterns[command] = nil
  local ok, err = pcall(function(...)
    for _, pattern in ipairs { ... } do
      self:register(command, pattern)
    end
  end, ...)
  if not ok then
    self.patterns[command] = before
    error(err, 0)
  end
end

-- Names a function that patterns can use, for those that are registered later. It gets the value and the
-- parameter's name, and returns the text.
function Serializer:formatter(name, fn)
  self.formatters[check.arg(name, "serializer:formatter: the name", "string")] = check.arg(fn, "serializer:formatter", "function")
end

-- Returns a serializer that begins with the same patterns and formatters, and is changed by itself.
function Serializer:copy()
  local other = M.new(self.formatters)
  for command, list in pairs(self.patterns) do
    other.patterns[command] = { unpack(list) }
  end
  return other
end

-- The text of a parameter, checked against what would begin another one.
local function written(slot, value, command)
  for _, fn in ipairs(slot) do
    value = fn(value, slot.name)
  end
  local what = ("irc: %s: %s"):format(command, slot.name)
  local text = line.safe(text_of(value, slot.name), what)
  if not slot.last then
    if text == "" and not slot.empty or text:find "^:" then
      check.fail("argument", what .. ": it is empty or begins with a colon, which only the last parameter may")
    elseif not slot.spaces and text:find " " then
      check.fail("argument", what .. ": it cannot have spaces")
    end
  end
  return text
end

local function known_params(list)
  local known, forms = {}, {}
  for i, pattern in ipairs(list) do
    for name in pairs(pattern.params) do
      known[name] = true
    end
    forms[i] = pattern.text
  end
  return known, table.concat(forms, ", or ")
end

-- Writes the line of a command, without its end, after the pattern with the most parameters of which all are
-- given. Raises argument.
function Serializer:serialize(command, params)
  command, params = check.arg(command, "irc: the command", "string"):upper(), check.arg(params, "irc: the parameters", "table?") or {}
  local list = self.patterns[command]
  if not list then
    check.fail("argument", ("irc: there is no pattern for the command %q"):format(command), "serializer:register adds one.")
  end
  local known, forms = known_params(list)
  for name in pairs(params) do
    if not known[name] then
      check.fail("argument", ("irc: %s has no parameter %q: %s"):format(command, tostring(name), forms))
    end
  end
  for _, pattern in ipairs(list) do
    local given = true
    for name in pairs(pattern.params) do
      given = given and params[name] ~= nil
    end
    if given then
      local parts = {}
      for i, part in ipairs(pattern) do
        parts[i] = type(part) == "string" and part or written(part, params[part.name], command)
      end
      local final = pattern[#pattern]
      return (table.concat(parts):gsub(final.empty and " +$" or "^$", ""))
    end
  end
  return check.fail("argument", ("irc: %s: parameters are missing: %s"):format(command, forms))
end

return M
