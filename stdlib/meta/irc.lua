---@meta irc
-- Types of what the clients of the module irc hold; the module itself is stdlib/irc.lua.

---A serializer: it writes the lines of commands from patterns. Its methods do not wait.
---@class IrcSerializer
local IrcSerializer = {}

---Adds a pattern to those of a command. {name} stands for a parameter, {name:formatter} for one that a function
---writes, {name:one|two} for two of them. What follows a " :" may have spaces.
---
---```lua
---local irc = require "irc"
---local own = irc.serializer:copy()
---own:register("pass", "PASS {challenge} {digest}")
---print(own:serialize("pass", { challenge = "123abc", digest = "00ff" }))
---```
---@param command string
---@param pattern string
function IrcSerializer:register(command, pattern) end

---Puts patterns in the place of those that a command has; none removes the command.
---@param command string
---@param ... string
function IrcSerializer:replace(command, ...) end

---Names a function that patterns can use, for those that are registered later. There are bool (the parameter's name,
---or nothing), comma, space and join (lists), and nospace.
---@param name string
---@param fn fun(value: any, name: string): any gets the value and the parameter's name, and returns the text
function IrcSerializer:formatter(name, fn) end

---Returns a serializer that begins with the same patterns and formatters, and is changed by itself.
---@return IrcSerializer
function IrcSerializer:copy() end

---Writes the line of a command, without its end, after the pattern with the most parameters of which all are
---given; among equals the one registered first. Raises argument.
---@param command string
---@param params? table<string, any>
---@return string
function IrcSerializer:serialize(command, params) end

---Functions that whole lines pass, one after the other: a list, the first one first. Each gets next, the line and the
---client; what it hands to next goes on, and without that the line ends there.
---@class IrcChain
local IrcChain = {}

---Adds a function: in front, or at a place, as table.insert.
---
---```lua
---local client = require("irc").client { host = "irc.example.org", nick = "greeter" }
---client.handlers["in"]:insert(function(next, line)
---  log.debug("irc: " .. line)
---  next(line)
---end)
---```
---@param fn fun(next: fun(line: string), line: string, client: IrcClient)
---@overload fun(self: IrcChain, at: integer, fn: fun(next: fun(line: string), line: string, client: IrcClient))
function IrcChain:insert(fn) end

---Removes a function, or the one at a place, and tells whether there was one.
---@param which integer|function
---@return boolean
function IrcChain:remove(which) end

---Removes all functions, also the one that makes events of incoming lines.
function IrcChain:clear() end
