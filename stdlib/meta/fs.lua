---@meta fs
-- Types of the module fs.

---The module: `local fs = require "fs"`. Paths are relative to the bot's files folder; others need the
---permission read=PATH or write=PATH. All functions wait.
---@class fs
local fs = {}

---@class FsReadOptions
---@field from? integer how many bytes to leave out at the begin (default 0)
---@field length? integer how many bytes to read (default: to the end)
---@field max_size? integer bytes at most (default 16 MiB); a larger file raises an error of type limit

---Returns the text of a file; nil where there is none. Waits.
---@param path string
---@param options? FsReadOptions
---@return string?
function fs.read(path, options) end

---Writes a file anew. Whoever reads it meanwhile sees the old text or the new one whole. Waits.
---
---```lua
---local fs = require "fs"
---bot.on_command("keep", function(msg, cmd)
---  fs.write("kept.txt", cmd.args)
---  msg:reply("I keep " .. #fs.read("kept.txt") .. " bytes.")
---end)
---```
---@param path string
---@param text string
function fs.write(path, text) end

---Writes at the end of a file. Waits.
---@param path string
---@param text string
function fs.append(path, text) end

---@param path string
---@return boolean
function fs.exists(path) end

---@class FsStat
---@field size integer bytes
---@field modified number seconds since 1970
---@field kind "file"|"folder"|"other"

---Returns what is known of a file or folder; nil where there is none. Waits.
---@param path string
---@return FsStat?
function fs.stat(path) end

---Returns the names in a folder in their order, folders with a slash at the end. Waits.
---@param path? string default: the files folder
---@return string[]
function fs.list(path) end

---Makes a folder, and those on the way to it. Waits.
---@param path string
function fs.mkdir(path) end

---Removes a file or an empty folder, and tells whether there was one. Waits.
---@param path string
---@return boolean
function fs.remove(path) end

---Gives a file another name; one that is there is replaced. Waits.
---@param from string
---@param to string
function fs.rename(from, to) end

---Copies a file and returns how many bytes. Waits.
---@param from string
---@param to string
---@return integer
function fs.copy(from, to) end
