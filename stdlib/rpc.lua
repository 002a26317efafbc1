-- Questions and answers between bots, over SimpleX messages.
--
--   local rpc = require "rpc"
--   rpc.handle("square", function(n) return n * n end)
--   bot.on_command("ask", function(msg, cmd)
--     msg:reply(rpc.query(tonumber(cmd.args), "square", 7, { timeout = 60 }))
--   end)

local check = require "check"
local crypto = require "crypto"
local map = require "map"
local paths = require "rpc.path"
local promise = require "promise"
local time = require "time"
local wire = require "wire"

---The module: `local rpc = require "rpc"`. Experimental. Each bot answers ping (at most 128 bytes echoed), version,
---finger (its profile and address) and time by itself.
---@class rpc
local M = {}

local max_name = 100
-- Queries of ours that wait, by their ids: { ref = the contact, promise = … }. They expire, for who waits may be cut.
local pending = map.new()
local handlers, resources = {}, {}

---Sets the function that answers queries of a name; nil removes it. It gets the payload and who asks, and returns the
---answer. Where it raises an error that it made itself, with rpc.fail, error "a text" or error { type =, message = }, the
---asker gets that. Mistakes of Lua and errors of modules, which may name files and hosts, only go to the log.
---@param name string
---@param fn (fun(payload: any, from: Peer): any)?
function M.handle(name, fn)
  if #check.arg(name, "rpc.handle: the name", "string") > max_name then
    check.fail("argument", ("rpc.handle: a name has at most %d bytes"):format(max_name))
  end
  handlers[name] = check.arg(fn, "rpc.handle: the function", "function?")
end

---Lets the query that is handled fail. To be called in a function of rpc.handle or rpc.resource.
---
---```lua
---local rpc = require "rpc"
---local orders = { ["1"] = "pears" }
---rpc.handle("order", function(id) return orders[id] or rpc.fail("not_found", "no order " .. tostring(id)) end)
---```
---@param type string the type of the error that the asker gets
---@param message string
function M.fail(type, message)
  error({ type = check.arg(type, "rpc.fail: the type", "string"), message = check.arg(message, "rpc.fail: the message", "string") }, 0)
end

local function message(name, payload)
  return { name = check.arg(name, "rpc: the name", "string"), payload = payload }
end

-- Raises an error that happened in another task, for the line of the script that called the module.
local function raise(err)
  if type(err) ~= "table" then
    error(err, 0)
  end
  local _, own = pcall(check.fail, tostring(err.type), tostring(err.message))
  for key, value in pairs(err) do
    if own[key] == nil then
      own[key] = value
    end
  end
  error(own, 0)
end

---@class RpcOptions
---@field timeout? number|string how long to wait for the answer, from the call on (default 60 s)

---Asks another bot and returns its answer. Raises an error of type timeout where none comes in time, of type
---unknown_method where the other has no such name, and of the type that the other raised. A query that could not be sent
---in time, for the contact was not ready yet, may still be sent. Waits.
---@param contact integer|string|Chat|Message|Peer
---@param name string
---@param payload? any
---@param options? RpcOptions
---@return any
function M.query(contact, name, payload, options)
  local o = check.options(options, "rpc.query", { timeout = "duration?" })
  local id, body, timeout = crypto.uuid(), message(name, payload), o.timeout or 60
  body.id = id
  local query = { ref = wire.ref(contact, "rpc.query"), promise = promise.new() }
  local content = wire.content("rpc.query", body)
  pending:set(id, query, timeout + 1)
  bot.spawn(function() -- sending may wait for longer than the time-out
    local ok, err = pcall(bot.send, query.ref, content)
    if not ok then
      query.promise:resolve { failed = err }
    end
  end)
  local answered, outcome = query.promise:wait(timeout)
  pending:delete(id)
  if not answered then
    check.fail("timeout", ("rpc.query: no answer to %q within %g s"):format(name, timeout))
  elseif outcome.failed then
    raise(outcome.failed)
  end
  local answer = outcome.reply
  if type(answer.error) == "table" then
    check.fail(tostring(answer.error.type or "rpc"), ("rpc.query: %s: %s"):format(name, tostring(answer.error.message)))
  end
  return answer.payload
end

---Sends something to the function that another bot has for a name, and waits for no answer of it. Waits until the
---message is stored.
---@param contact integer|string|Chat|Message|Peer
---@param name string
---@param payload? any
function M.send(contact, name, payload)
  wire.send(contact, "rpc.send", message(name, payload))
end

-- What Lua says of mistakes in a script.
local mistakes = { "^attempt to ", "^bad argument #", "^undefined global " }

-- Returns what the asker gets of an error: what the script raised itself, and nothing else. Where it happened is nobody
-- else's business.
local function shown(err)
  if type(err) == "table" and getmetatable(err) == nil and type(err.message) == "string" then
    return { type = type(err.type) == "string" and err.type or "rpc", message = err.message }
  elseif type(err) == "string" then
    local text, mistake = err:gsub("^[^\n:]+:%d+: ", ""), false
    for _, pattern in ipairs(mistakes) do
      mistake = mistake or text:find(pattern) ~= nil
    end
    return not mistake and { type = "rpc", message = text } or nil
  end
  return nil
end

-- Calls the function of a name: the payload of the answer, or its error, and the error that is to be reported.
local function run(body, from)
  local name = type(body) == "table" and body.name or nil
  local handler = handlers[name]
  if not handler then
    return nil, { type = "unknown_method", message = ("there is no %q here"):format(tostring(name):sub(1, max_name)) }
  end
  local ok, result = pcall(handler, body.payload, from)
  if ok then
    return result
  end
  local err = shown(result)
  return nil, err or { type = "rpc", message = "the query failed" }, (not err or type(result) ~= "table") and result or nil
end

wire.on("rpc.query", function(from, body)
  if type(body) ~= "table" or type(body.id) ~= "string" or #body.id > max_name then
    return log.debug("a query without an id was dropped")
  end
  local payload, err, cause = run(body, from)
  local ok = pcall(wire.send, from, "rpc.reply", { id = body.id, payload = payload, error = err })
  if not ok then -- too large, or no JSON
    wire.send(from, "rpc.reply", { id = body.id, error = { type = "limit", message = "the answer cannot be sent" } })
  end
  if cause then
    error(cause, 0) -- to the log, after the answer
  end
end)

wire.on("rpc.send", function(from, body)
  local _, err, cause = run(body, from)
  if cause then
    error(cause, 0)
  elseif err then
    log.debug("rpc.send was not handled", { type = err.type })
  end
end)

wire.on("rpc.reply", function(from, body)
  local query = type(body) == "table" and type(body.id) == "string" and pending:get(body.id)
  if not query or query.ref ~= from.ref then
    return log.debug("a reply that nobody asked for was dropped")
  end
  query.promise:resolve { reply = body }
end)

M.handle("ping", function(payload)
  if payload ~= nil and type(payload) ~= "string" then
    M.fail("argument", "ping: want a text")
  elseif payload and #payload > 128 then
    M.fail("limit", "ping: at most 128 bytes are echoed")
  end
  return payload or ""
end)

M.handle("version", function() return { name = "simplex-lua", core = bot.info.core_version } end)

M.handle("finger", function()
  return { display_name = bot.config.display_name, full_name = bot.config.full_name, address = bot.info.address }
end)

M.handle("time", function() return time.format(time.now()) end)

---@class RpcResource
---@field get? fun(params: table<string, string>, from?: Peer): any
---@field set? fun(params: table<string, string>, value: any, from?: Peer): any
---@field merge? fun(params: table<string, string>, value: any, from?: Peer): any changes a part of it
---@field delete? fun(params: table<string, string>, from?: Peer): any
---@field observe? fun(params: table<string, string>, value: any, from?: Peer) is told that somebody's resource has changed

---Offers resources: what is behind a path. {name} in it stands for a part, which the functions get by that name, and a *
---at the end for the rest (`rest`).
---
---```lua
---rpc.resource("/orders/{id}", { get = function(p) return orders[p.id] end })
---```
---@param path string "/orders/{id}"
---@param functions RpcResource
function M.resource(path, functions)
  resources[#resources + 1] = {
    path = paths.compile(check.arg(path, "rpc.resource: the path", "string"), "rpc.resource"),
    functions = check.options(functions, "rpc.resource", {
      get = "function?", set = "function?", merge = "function?", delete = "function?", observe = "function?",
    }),
  }
end

local with_value = { set = true, merge = true, observe = true }

-- Does something with a resource of this bot.
local function locally(method, path, value, from)
  for _, resource in ipairs(resources) do
    local params = paths.match(resource.path, tostring(path))
    local fn = params and resource.functions[method]
    if fn and with_value[method] then
      return fn(params, value, from)
    elseif fn then
      return fn(params, from)
    end
  end
  return M.fail("not_found", ("there is no resource %s to %s"):format(tostring(path):sub(1, max_name), method))
end

for _, method in ipairs { "get", "set", "merge", "delete", "observe" } do
  M.handle("resource." .. method, function(payload, from)
    if type(payload) ~= "table" then
      M.fail("argument", "want a path")
    end
    return locally(method, payload.path, payload.value, from)
  end)
end

-- With a contact it asks there; a path alone means this bot.
local function resource(method, contact, path, value, options)
  if type(contact) == "string" and contact:sub(1, 1) == "/" then
    return locally(method, contact, path)
  end
  return M.query(contact, "resource." .. method, { path = check.arg(path, "rpc: the path", "string"), value = value }, options)
end

---Returns a resource of another bot, or with a path alone one of this bot. One that is not there raises an error of
---type not_found. Waits.
---
---```lua
---local mine, theirs = rpc.get("/orders/1"), rpc.get(contact_id, "/orders/1")
---```
---@param contact integer|string|Chat|Message|Peer
---@param path? string
---@param options? RpcOptions
---@return any
function M.get(contact, path, options)
  return resource("get", contact, path, nil, options)
end

---Changes a resource, as rpc.get finds it. Waits.
---@param contact integer|string|Chat|Message|Peer
---@param path any
---@param value? any
---@param options? RpcOptions
---@return any
function M.set(contact, path, value, options)
  return resource("set", contact, path, value, options)
end

---Changes a part of a resource, as rpc.get finds it: what that means its bot says. Waits.
---
---```lua
---local rpc = require "rpc"
---local order = { what = "pears", count = 1 }
---rpc.resource("/order", {
---  merge = function(_, changes) for k, v in pairs(changes) do order[k] = v end end,
---})
---bot.on_start(function() rpc.merge("/order", { count = 2 }) end)
---```
---@param contact integer|string|Chat|Message|Peer
---@param path any
---@param value? any
---@param options? RpcOptions
---@return any
function M.merge(contact, path, value, options)
  return resource("merge", contact, path, value, options)
end

---Deletes a resource, as rpc.get finds it. Waits.
---@param contact integer|string|Chat|Message|Peer
---@param path? string
---@param options? RpcOptions
---@return any
function M.delete(contact, path, options)
  return resource("delete", contact, path, nil, options)
end

---Tells another bot that a resource has changed, and waits for no answer of it. Who wants to know is kept by whom it
---belongs to. Waits until the message is stored.
---
---```lua
---local rpc = require "rpc"
---local watchers = {}
---rpc.resource("/watchers", { set = function(_, _, from) watchers[from.ref] = true end })
---bot.on_event("sold", function(event)
---  for ref in pairs(watchers) do rpc.observe(ref, "/orders/" .. event.id, { sold = true }) end
---end)
---```
---@param contact integer|string|Chat|Message|Peer
---@param path string
---@param value? any
function M.observe(contact, path, value)
  M.send(contact, "resource.observe", { path = check.arg(path, "rpc: the path", "string"), value = value })
end

return M
