-- Questions and answers between bots, over SimpleX messages.
--
--   local rpc = require "rpc"
--   rpc.handle("square", function(n) return n * n end)
--   bot.on_command("ask", function(msg, cmd)
--     msg:reply(rpc.query(tonumber(cmd.args), "square", 7, { timeout = 60 }))
--   end)

local check = require "check"
local crypto = require "crypto"
local promise = require "promise"
local time = require "time"
local wire = require "wire"

---The module: `local rpc = require "rpc"`. Experimental. Each bot answers ping (at most 128 bytes echoed), version,
---finger (its profile and address) and time by itself.
---@class rpc
local M = {}

local max_name = 100
-- Queries of ours that wait: [id] = { key of the contact, promise }.
local pending = {}
local handlers, resources = {}, {}

---Sets the function that answers queries of a name; nil removes it. It gets the payload and who asks, and returns the
---answer. Where it raises an error, the asker gets that: its type and message.
---@param name string
---@param fn (fun(payload: any, from: Peer): any)?
function M.handle(name, fn)
  if #check.arg(name, "rpc.handle: the name", "string") > max_name then
    check.fail("argument", ("rpc.handle: a name has at most %d bytes"):format(max_name))
  end
  handlers[name] = check.arg(fn, "rpc.handle: the function", "function?")
end

local function message(name, payload)
  return { name = check.arg(name, "rpc: the name", "string"), payload = payload }
end

---@class RpcOptions
---@field timeout? number|string how long to wait for the answer (default 60 s)

---Asks another bot and returns its answer. Raises an error of type timeout where none comes in time, of type
---unknown_method where the other has no such name, and of the type that the other raised. Waits.
---@param contact integer|string|Chat|Message|Peer
---@param name string
---@param payload? any
---@param options? RpcOptions
---@return any
function M.query(contact, name, payload, options)
  local o = check.options(options, "rpc.query", { timeout = "duration?" })
  local id, body, timeout = crypto.uuid(), message(name, payload), o.timeout or 60
  local ref, began = wire.ref(contact, "rpc.query"), time.now()
  body.id = id
  pending[id] = { ref = ref, promise = promise.new() }
  local ok, err = pcall(wire.send, ref, "rpc.query", body)
  local answered, answer = false, nil
  if ok then
    answered, answer = pending[id].promise:wait(math.max(timeout - (time.now() - began), 0))
  end
  pending[id] = nil
  if not ok then
    error(err, 0)
  elseif not answered then
    check.fail("timeout", ("rpc.query: no answer to %q within %g s"):format(name, timeout))
  elseif type(answer.error) == "table" then
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

-- Calls the function of a name: the payload of the answer, or its error.
local function run(body, from)
  local handler = type(body) == "table" and handlers[body.name]
  if not handler then
    return nil, { type = "unknown_method", message = ("there is no %q here"):format(tostring(body and body.name):sub(1, max_name)) }
  end
  local ok, result = pcall(handler, body.payload, from)
  if ok then
    return result
  end
  -- Where it happened is nobody else's business.
  local known = type(result) == "table" and type(result.message) == "string"
  return nil, { type = known and tostring(result.type) or "rpc", message = known and result.message or "the query failed" }, result
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
  if cause and type(cause) ~= "table" then
    error(cause, 0) -- a mistake in the handler: to the log, after the answer
  end
end)

wire.on("rpc.send", function(from, body)
  local _, err = run(body, from)
  if err then
    log.debug("rpc.send was not handled", { type = err.type })
  end
end)

wire.on("rpc.reply", function(from, body)
  local query = type(body) == "table" and pending[body.id]
  if not query or query.ref ~= from.ref then
    return log.debug("a reply that nobody asked for was dropped")
  end
  query.promise:resolve(body)
end)

M.handle("ping", function(payload)
  if payload ~= nil and type(payload) ~= "string" then
    check.fail("argument", "ping: want a text")
  elseif payload and #payload > 128 then
    check.fail("limit", "ping: at most 128 bytes are echoed")
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
---@field delete? fun(params: table<string, string>, from?: Peer): any

---Offers resources: what is behind a path. {name} in it stands for a part, which the functions get by that name.
---
---```lua
---rpc.resource("/orders/{id}", { get = function(p) return orders[p.id] end })
---```
---@param path string "/orders/{id}"
---@param functions RpcResource
function M.resource(path, functions)
  check.arg(path, "rpc.resource: the path", "string")
  local names = {}
  local pattern = path:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub("{(%w+)}", function(name)
    names[#names + 1] = name
    return "([^/]+)"
  end)
  resources[#resources + 1] = {
    path = path, pattern = "^" .. pattern .. "$", names = names,
    functions = check.options(functions, "rpc.resource", { get = "function?", set = "function?", delete = "function?" }),
  }
end

-- Does something with a resource of this bot.
local function locally(method, path, value, from)
  for _, resource in ipairs(resources) do
    local found = { tostring(path):match(resource.pattern) }
    local fn = resource.functions[method]
    if #found > 0 and fn then
      local params = {}
      for i, name in ipairs(resource.names) do
        params[name] = found[i]
      end
      if method == "set" then
        return fn(params, value, from)
      end
      return fn(params, from)
    end
  end
  return check.fail("not_found", ("there is no resource %s to %s"):format(tostring(path):sub(1, max_name), method))
end

for _, method in ipairs { "get", "set", "delete" } do
  M.handle("resource." .. method, function(payload, from)
    if type(payload) ~= "table" then
      check.fail("argument", "want a path")
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

---Deletes a resource, as rpc.get finds it. Waits.
---@param contact integer|string|Chat|Message|Peer
---@param path? string
---@param options? RpcOptions
---@return any
function M.delete(contact, path, options)
  return resource("delete", contact, path, nil, options)
end

return M
