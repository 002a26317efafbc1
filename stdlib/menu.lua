-- Commands from one table: the menu in the app, /help, reading of arguments,
-- and the functions that run.
--
--   local menu = require "menu"
--   menu.install {
--     { "add", "Adds two numbers", args = "<a:number> <b:number>", run = function(msg, args)
--       msg:reply(args.a + args.b)
--     end },
--     { "say", "Repeats a text", args = "<text...>", run = function(msg, args) msg:reply(args.text) end },
--   }

local check = require "check"
local time = require "time"

---The module: `local menu = require "menu"`.
---@class menu
local M = {}

---@class MenuCommand
---@field [1]? string the keyword
---@field [2]? string what it does, in a few words
---@field args? string "<a:number> [b:integer] <rest...>": <> is required, [] is not; types are word (the default), number, integer, boolean, duration; a name with ... takes the rest of the line
---@field also? string[] further keywords
---@field run? fun(msg: Message, args: table<string, any>, cmd: Command): any what the command does; a submenu has none
---@field allow? fun(msg: Message): boolean who may; others are told that they may not, and do not see it in /help
---@field label? string of a submenu
---@field commands? MenuCommand[] makes the entry a submenu

---@class MenuOptions
---@field title? string the first line of /help
---@field help? string|false the keyword of the help (default "help"); false for none
---@field denied? string what is told to those who may not (default "You may not do that.")

---What menu.install makes.
---@class Menu
local Menu = {}
Menu.__index = Menu

-- Reads a number; one that is too large to be one is none.
local function number(text)
  local n = tonumber(text)
  return n and n - n == 0 and n or nil
end

-- How each type of argument is read: a value, or nil and what was wanted.
local readers = {
  word = function(text) return text end,
  number = function(text) return number(text), "a number" end,
  integer = function(text)
    local n = number(text)
    return n and n == math.floor(n) and n or nil, "a whole number"
  end,
  boolean = function(text)
    local known = { yes = true, on = true, ["true"] = true, no = false, off = false, ["false"] = false }
    return known[text:lower()], "yes or no"
  end,
  duration = function(text) return time.duration(text), "a duration as 5m or 1h30m" end,
}

-- Reads "<a:number> [b] <rest...>" into a list of arguments.
local function read_args(notation, where)
  local args, optional = {}, false
  local rest = notation:gsub("%s*([<%[])([%w_]+):?(%a*)(%.*)([>%]])%s*", function(open, name, kind, dots, close)
    local arg = { name = name, type = kind ~= "" and kind or "word", required = open == "<", rest = dots == "..." }
    if (open == "<") ~= (close == ">") or #dots > 0 and not arg.rest or not readers[arg.type] then
      return nil
    end
    if optional and arg.required or args[#args] and args[#args].rest then
      check.fail("argument", ("%s: in %q, %s can never be reached"):format(where, notation, name))
    end
    optional = optional or not arg.required
    args[#args + 1] = arg
    return ""
  end)
  if rest ~= "" then
    check.fail("argument", ("%s: %q is not understood at %q; write args as \"<a:number> [b] <rest...>\""):format(where, notation, rest))
  end
  return args
end

-- Checks an entry and gives it the form that the rest of the module uses.
local function prepare(entry, where)
  local o = check.options(entry, where, {
    [1] = "string?", [2] = "string?", args = "string?", also = "list?", run = "function?", allow = "function?",
    label = "string?", commands = "list?",
  })
  if o.commands then
    local submenu = { label = check.arg(o.label or o[1], where .. ".label", "string"), commands = {} }
    for i, inner in ipairs(o.commands) do
      submenu.commands[i] = prepare(inner, ("%s.commands[%d]"):format(where, i))
    end
    return submenu
  end
  check.arg(o.run, where .. ".run", "function")
  return {
    keyword = check.arg(o[1], where .. "[1], the keyword,", "string"), label = o[2] or o.label or "", notation = o.args or "",
    args = read_args(o.args or "", where .. ".args"), also = o.also or {}, run = o.run, allow = o.allow,
  }
end

-- Calls fn with each command, those of submenus too.
local function each(entries, fn)
  for _, entry in ipairs(entries) do
    if entry.commands then
      each(entry.commands, fn)
    else
      fn(entry)
    end
  end
end

-- What bot.configure takes.
local function shown(entries)
  local list = {}
  for i, entry in ipairs(entries) do
    if entry.commands then
      list[i] = { label = entry.label, commands = shown(entry.commands) }
    else
      local label = entry.label ~= "" and entry.label or entry.keyword
      list[i] = { keyword = entry.keyword, label = label, params = entry.notation ~= "" and entry.notation or nil }
    end
  end
  return list
end

local function usage(entry)
  return "/" .. entry.keyword .. (entry.notation ~= "" and " " .. entry.notation or "")
end

-- What follows the first argument, which may stand in quotes.
local function after(rest, arg)
  rest = rest:match("^%s*(.*)$")
  local quoted = '"' .. (arg or "") .. '"'
  local taken = rest:sub(1, #quoted) == quoted and quoted or (arg or "")
  return rest:sub(#taken + 1)
end

-- Reads the arguments of a command; nil and the problem where they are wrong.
local function parse(entry, cmd)
  local values, rest = {}, cmd.args
  for i, arg in ipairs(entry.args) do
    local text = cmd.argv[i]
    if arg.rest then
      text = rest:match("^%s*(.-)%s*$")
      text = text ~= "" and text or nil
    end
    if text == nil and arg.required then
      return nil, arg.name .. " is missing."
    elseif text ~= nil then
      local value, want = readers[arg.type](text)
      if value == nil then
        return nil, ("%s must be %s."):format(arg.name, want)
      end
      values[arg.name] = value
    end
    rest = text and after(rest, cmd.argv[i]) or rest
  end
  local last = entry.args[#entry.args]
  if #cmd.argv > #entry.args and not (last and last.rest) then
    return nil, #entry.args == 0 and "It takes nothing more." or "That is too much."
  end
  return values
end

---Sets the bot's menu of commands, registers their handlers and /help. At the top of the script.
---@param commands MenuCommand[]
---@param options? MenuOptions
---@return Menu
function M.install(commands, options)
  check.arg(commands, "menu.install", "list")
  local o = check.options(options, "menu.install", { title = "string?", help = "string|boolean?", denied = "string?" })
  local self = setmetatable({ entries = {}, title = o.title, denied = o.denied or "You may not do that." }, Menu)
  for i, entry in ipairs(commands) do
    self.entries[i] = prepare(entry, ("menu.install[%d]"):format(i))
  end
  if o.help ~= false then
    local help = { keyword = o.help or "help", label = "What I can do", notation = "", args = {}, also = {} }
    help.run = function(msg) msg:reply(self:help(msg)) end
    self.entries[#self.entries + 1] = help
  end
  bot.configure { commands = shown(self.entries) }
  each(self.entries, function(entry) self:register(entry) end)
  return self
end

function Menu:register(entry)
  bot.on_command({ entry.keyword, unpack(entry.also) }, function(msg, cmd)
    if entry.allow and not entry.allow(msg) then
      return msg:reply(self.denied)
    end
    local values, problem = parse(entry, cmd)
    if not values then
      return msg:reply(("%s Usage: %s"):format(problem, usage(entry)))
    end
    return entry.run(msg, values, cmd)
  end)
end

---Returns the text of /help: the commands that who wrote the message may use.
---@param msg Message
---@return string
function Menu:help(msg)
  local lines = { self.title }
  each(self.entries, function(entry)
    if not entry.allow or entry.allow(msg) then
      lines[#lines + 1] = usage(entry) .. (entry.label ~= "" and " - " .. entry.label or "")
    end
  end)
  return table.concat(lines, "\n")
end

return M
