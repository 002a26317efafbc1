-- Parts of a bot that can be switched on and off while it runs, for all chats
-- or for one.
--
--   local plugin = require "plugin"
--   plugin.register("dice", function(on)
--     on.command("dice", function(msg) msg:reply(math.random(6)) end)
--   end, { description = "Throws a die" })
--   plugin.commands(function(msg) return is_admin(msg) end)   -- /plugin list, /plugin disable dice here

local check = require "check"
local pages = require "store.pages"
local people = require "people"
local store = require "store"

---The module: `local plugin = require "plugin"`. What is switched is kept over restarts.
---@class plugin
local M = {}

local plugins, order = {}, {}
local data = store.open("plugin")
-- What was switched: [name] for all chats, [name .. " " .. key of the chat].
local switches = {}

---What a plugin registers its handlers with: bot's functions of the same names, whose handlers rest while the plugin
---is switched off.
---@class PluginScope
---@field message fun(filter: Filter|function, fn?: fun(msg: Message, data: table): any): Handle
---@field command fun(keyword: string|string[], filter: Filter|function, fn?: fun(msg: Message, cmd: Command, data: table): any): Handle
---@field edit fun(fn: fun(msg: Message): any): Handle
---@field event fun(tag: string|string[], fn: fun(event: table): any): Handle only where the plugin is on for all chats
---@field raw fun(fn: fun(event: table): table|boolean|nil): Handle only where the plugin is on for all chats
---@field send fun(fn: fun(command: string): string|boolean|nil): Handle only where the plugin is on for all chats
---@field use fun(fn: fun(handler: function, msg: Message, data: table): any): Handle where the plugin is off, the handler is called at once
---@field every fun(period: number|string, fn: fun(), options?: TimerOptions): Handle only where the plugin is on for all chats
---@field cron fun(table: string, fn: fun(), options?: CronOptions): Handle only where the plugin is on for all chats
---@field guard fun(fn: function, otherwise?: function): function for whatever else takes a function, as client:on of irc: it calls fn where the plugin is on for all chats, else otherwise

local function known(name, what)
  if not plugins[name] then
    check.fail("argument", ("%s: no plugin %q; there are %s"):format(what, tostring(name), table.concat(order, ", ")))
  end
  return name
end

---Tells whether a plugin is on: in a message's chat, or for all chats.
---@param name string
---@param msg? Message
---@return boolean
function M.enabled(name, msg)
  known(name, "enabled")
  local here = msg and switches[name .. " " .. people.chat(msg)]
  if here ~= nil and msg then
    return here
  elseif switches[name] ~= nil then
    return switches[name]
  end
  return plugins[name].enabled
end

local function switch(name, msg, on)
  local key = known(name, on and "enable" or "disable") .. (msg and " " .. people.chat(msg) or "")
  switches[key] = on
  data:set(key, on)
end

---Switches a plugin on: in a message's chat, or for all chats that have no switch of their own. Waits.
---@param name string
---@param msg? Message
function M.enable(name, msg)
  switch(name, msg, true)
end

---Switches a plugin off: in a message's chat, or for all chats that have no switch of their own. Waits.
---@param name string
---@param msg? Message
function M.disable(name, msg)
  switch(name, msg, false)
end

---Returns the names of the plugins in the order they were registered.
---@return string[]
function M.list()
  return { unpack(order) }
end

-- Adds to a filter that the plugin must be on where the message is.
local function guarded(name, filter)
  local guard = {}
  for key, value in pairs(filter) do
    guard[key] = value
  end
  local when = filter.when
  guard.when = function(msg)
    return M.enabled(name, msg) and (not when or when(msg))
  end
  return guard
end

local function scope(name)
  local on = {}
  function on.message(filter, fn)
    if type(filter) == "function" then
      filter, fn = {}, filter
    end
    return bot.on_message(guarded(name, filter), fn)
  end
  function on.command(keyword, filter, fn)
    if type(filter) == "function" then
      filter, fn = {}, filter
    end
    return bot.on_command(keyword, guarded(name, filter), fn)
  end
  function on.edit(fn)
    return bot.on_edit(function(msg)
      if M.enabled(name, msg) then return fn(msg) end
    end)
  end
  function on.guard(fn, otherwise)
    check.arg(fn, "guard", "function")
    check.arg(otherwise, "guard: what is called otherwise", "function?")
    return function(...)
      if M.enabled(name) then
        return fn(...)
      elseif otherwise then
        return otherwise(...)
      end
    end
  end
  function on.event(tag, fn)
    return bot.on_event(tag, on.guard(fn))
  end
  function on.raw(fn)
    return bot.on_raw(on.guard(fn))
  end
  function on.send(fn)
    return bot.on_send(on.guard(fn))
  end
  function on.use(fn)
    return bot.use(function(handler, msg, data)
      if M.enabled(name, msg) then return fn(handler, msg, data) end
      return handler(msg, data)
    end)
  end
  function on.every(period, fn, options)
    return bot.every(period, on.guard(fn), options)
  end
  function on.cron(times, fn, options)
    return bot.cron(times, on.guard(fn), options)
  end
  return on
end

---@class PluginOptions
---@field description? string
---@field enabled? boolean whether it is on until somebody switches it (default true)

---Adds a plugin. setup registers its handlers with the functions it gets. At the top of the script.
---@param name string
---@param setup fun(on: PluginScope)
---@param options? PluginOptions
function M.register(name, setup, options)
  check.arg(name, "plugin.register: the name", "string")
  check.arg(setup, "plugin.register: the setup", "function")
  local o = check.options(options, "plugin.register", { description = "string?", enabled = "boolean?" })
  if plugins[name] then
    check.fail("argument", ("plugin.register: %q is there already"):format(name))
  elseif not name:match("^[%w_%-]+$") then
    check.fail("argument", ("plugin.register: %q is no name: want letters, digits, _ and -"):format(name))
  end
  plugins[name] = { description = o.description, enabled = o.enabled ~= false }
  order[#order + 1] = name
  setup(scope(name))
end

local function listing(msg)
  local lines = {}
  for i, name in ipairs(order) do
    local text = plugins[name].description
    lines[i] = ("%s: %s%s"):format(name, M.enabled(name, msg) and "on" or "off", text and " - " .. text or "")
  end
  return #lines > 0 and table.concat(lines, "\n") or "There are no plugins."
end

---Registers the command /plugin: list, enable NAME, disable NAME, and with "here" at the end for this chat only.
---@param allow fun(msg: Message): boolean who may use it
---@return Handle
function M.commands(allow)
  check.arg(allow, "plugin.commands", "function")
  return bot.on_command("plugin", function(msg, cmd)
    local action, name, here = cmd.argv[1] or "list", cmd.argv[2], cmd.argv[3]
    if not allow(msg) then
      return msg:reply("You may not do that.")
    elseif action == "list" and not name then
      return msg:reply(listing(msg))
    elseif (action ~= "enable" and action ~= "disable") or not name or here and here ~= "here" then
      return msg:reply("Usage: /plugin list, /plugin enable NAME [here], /plugin disable NAME [here]")
    elseif not plugins[name] then
      return msg:reply("There is no plugin " .. name .. ".\n" .. listing(msg))
    end
    switch(name, here and msg, action == "enable")
    msg:reply(listing(msg))
  end)
end

bot.on_start(function()
  for key, on in pages(data, "") do
    switches[key] = on
  end
end)

return M
