-- Commands that others send: finding the function for a path, and the answer.

local envelope = require "lime.envelope"
local paths = require "rpc.path"
local session = require "lime.session"
local url = require "url"

local reasons = session.reasons

local M = {}

-- Takes a uri apart: its path, and what stands behind the ?.
function M.split_uri(uri)
  local path, query = (uri:match "^lime://[^/]*(/.*)$" or uri):match "^([^?#]*)%??([^#]*)"
  local ok, values = pcall(url.parse_query, query)
  return path, ok and values or {}
end

local function unescape(text)
  local ok, plain = pcall(url.unescape, text)
  return ok and plain or text
end

-- Finds the function for a path, and its parameters.
function M.find(handlers, path)
  for _, handler in ipairs(handlers) do
    local params = paths.match(handler.path, path)
    if params then
      for name, value in pairs(params) do
        params[name] = unescape(value)
      end
      return handler.fn, params
    end
  end
  return nil
end

local function failure(code, description)
  return { status = "failure", reason = { code = code, description = description } }
end

-- Runs the function of a command. Returns what the answer says, and an error that is to be reported.
function M.run(handlers, command)
  if not envelope.methods[command.method] then
    return failure(reasons.method_not_supported, "the method is not supported")
  end
  local path, query = M.split_uri(command.uri)
  local fn, params = M.find(handlers, path)
  if not fn then
    return failure(reasons.resource_not_supported, "the resource is not supported")
  end
  local ok, resource, mime = pcall(fn, command, params, query)
  if not ok then
    local err = resource
    if type(err) == "table" and err.type == "lime" and err.reason then
      return failure(err.reason.code, err.reason.description)
    end
    return failure(reasons.command_error, "the command failed"), err -- the rest is nobody else's business
  elseif resource == nil then
    return { status = "success" }
  end
  local answer = { status = "success", resource = resource, type = mime or (type(resource) == "table" and "application/json" or "text/plain") }
  local fits, err = pcall(json.encode, answer)
  if not fits then
    return failure(reasons.command_error, "the command failed"), err
  end
  return answer
end

-- Puts the answer to a command into an envelope.
function M.answer(command, answer)
  answer.id, answer.to, answer.method = command.id, command.pp or command.from, command.method
  return answer
end

return M
