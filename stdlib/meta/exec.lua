---@meta exec
-- Types of the module exec.

---The module: `local exec = require "exec"`. It runs programs without a shell; each needs the permission
---exec=PROGRAM, an absolute path or a name that is looked up in PATH once, when the script is loaded.
---What an allowed program can reach is not bounded by the script's other permissions.
---@class exec
local exec = {}

---@class ExecOptions
---@field timeout? number|string seconds, or a text such as "5m" (default 30, at most 1 h); then the program is ended
---@field input? string what the program reads (default: nothing)
---@field max_output? integer bytes of output, and of error output, at most (default 1 MiB, at most 64 MiB)
---@field env? table<string, string> the environment beside PATH; each name needs the permission env=NAME
---@field dir? string the folder to run in (default: the files folder)

---@class ExecResult
---@field status integer the exit code; 128 and the signal's number where a signal has ended the program
---@field output string
---@field error_output string

---Runs a program, the first of the list, with the others as its arguments, and returns when it has ended.
---With it ends all that it has started. Of a script 16 run at a time. Waits.
---
---Raises permission where the program, the folder or a name in env is not allowed, timeout and limit where
---the program has been ended for its time or its output, io where it could not be started.
---
---```lua
---local exec = require "exec" -- run with --allow exec=uptime
---bot.on_command("load", function(msg)
---  local done = exec.run({ "uptime" }, { timeout = 5 })
---  msg:reply(done.status == 0 and done.output or "It failed: " .. done.error_output)
---end)
---```
---@param command string[]
---@param options? ExecOptions
---@return ExecResult
function exec.run(command, options) end
