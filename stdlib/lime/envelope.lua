-- Envelopes of LIME: reading, checking and filling them in. What comes from the other side is believed only as far as
-- this file has looked at it.

local check = require "check"
local crypto = require "crypto"

local M = {}

M.methods = { get = true, set = true, delete = true, merge = true, subscribe = true, unsubscribe = true, observe = true }
M.events = { accepted = true, dispatched = true, received = true, consumed = true, failed = true }
local states = { new = true, negotiating = true, authenticating = true, established = true, finishing = true, finished = true, failed = true }

-- Bytes of an id, and of each part of a node.
local max_id, max_part = 256, 1023

-- The property that only this kind has.
local kinds = { { "session", "state" }, { "command", "method" }, { "notification", "event" }, { "message", "content" } }

local function wrong(...)
  check.fail("data", "lime: " .. string.format(...))
end

-- What a text from the other side looks like in a message of ours.
local function shown(value)
  return ("%q"):format(tostring(value):sub(1, 60):gsub("%c", "?"))
end

-- Takes name@domain/instance apart; the name and the instance may be missing. nil where it is no node.
function M.split_node(text)
  if type(text) ~= "string" or #text > 3 * max_part + 2 then
    return nil
  end
  local identity, instance = text:match "^([^/]+)/(.+)$"
  identity = identity or text
  local name, domain = identity:match "^([^@]+)@([^@]+)$"
  domain = domain or identity
  if #domain == 0 or domain:find "[/@%s%c]" or name and name:find "[\"&':<>%s%c]" or instance and instance:find "%c" then
    return nil
  end
  for _, part in ipairs { domain, name or "", instance or "" } do
    if #part > max_part then
      return nil
    end
  end
  return { name = name, domain = domain, instance = instance, identity = identity }
end

-- Tells whether a type is JSON, as application/json and text/x-y+json are.
function M.is_json(mime)
  local subtype = mime:lower():match "^[%w_.-]+/([^;%s]+)"
  return subtype ~= nil and (subtype == "json" or subtype:sub(-5) == "+json")
end

-- Whatever its parameters, as "; charset=utf-8".
local function is_mime(text)
  return type(text) == "string" and #text <= 255 and text:find "^[%w_.*-]+/[%w_.*+-]+" ~= nil and not text:find "[%c]"
end

local function is_object(value)
  return type(value) == "table" and next(value) ~= 1 and not (next(value) == nil and json.encode(value) == "[]")
end

local function is_integer(value)
  return type(value) == "number" and value % 1 == 0 and math.abs(value) < 2 ^ 53
end

local function check_common(e)
  if e.id ~= nil and (type(e.id) ~= "string" or #e.id == 0 or #e.id > max_id) then
    wrong("the id is no text of 1 to %d bytes", max_id)
  end
  for _, key in ipairs { "from", "to", "pp" } do
    if e[key] ~= nil and not M.split_node(e[key]) then
      wrong("%s is no node as name@domain/instance: %s", key, shown(e[key]))
    end
  end
  if e.metadata ~= nil and not is_object(e.metadata) then
    wrong "the metadata is no object"
  end
  if e.reason ~= nil and not (is_object(e.reason) and is_integer(e.reason.code)
      and (e.reason.description == nil or e.reason.description == json.null or type(e.reason.description) == "string")) then
    wrong "the reason is no object with a code"
  end
  if e.reason and e.reason.description == json.null then
    e.reason.description = nil
  end
end

-- A document: its type, and a value that fits it.
local function check_document(e, field)
  if not is_mime(e.type) then
    wrong("the %s has no MIME type", field)
  elseif not M.is_json(e.type) and type(e[field]) ~= "string" then
    wrong("the %s of type %s is no text", field, shown(e.type))
  end
end

local checks = {}

function checks.message(e)
  check_document(e, "content")
end

function checks.notification(e)
  if not e.id then
    wrong "a notification has no id"
  elseif type(e.event) ~= "string" then
    wrong "the event of a notification is no text"
  end
end

function checks.command(e)
  if type(e.method) ~= "string" then
    wrong "the method of a command is no text"
  elseif e.uri ~= nil and (type(e.uri) ~= "string" or #e.uri > 4096 or e.uri:find "[%c%s]") then
    wrong "the uri of a command is none"
  elseif e.status ~= nil and e.status ~= "success" and e.status ~= "failure" then
    wrong("the status of a command is %s, not success or failure", shown(e.status))
  elseif e.method ~= "observe" and not e.id then
    wrong "a command has no id"
  elseif e.status == nil and not e.uri then
    wrong "a command has no uri"
  elseif e.resource ~= nil then
    check_document(e, "resource")
  end
end

function checks.session(e)
  if not states[e.state] then
    wrong("the session has the state %s, which there is not", shown(e.state))
  end
  for _, key in ipairs { "encryption", "compression", "scheme" } do
    local options = e[key .. "Options"]
    if e[key] ~= nil and type(e[key]) ~= "string" then
      wrong("%s is no text", key)
    elseif options ~= nil then
      if type(options) ~= "table" or #options > 100 then
        wrong("%sOptions is no list", key)
      end
      for k, v in pairs(options) do
        if type(k) ~= "number" or type(v) ~= "string" then
          wrong("%sOptions is no list of texts", key)
        end
      end
    end
  end
  if e.authentication ~= nil and type(e.authentication) ~= "table" then
    wrong "the authentication is no object"
  end
end

-- Reads a frame: one envelope, and its kind. Raises data; an error with the field object means that it was JSON, so
-- that what follows can still be read.
function M.parse(text)
  local read, e = pcall(json.decode, check.arg(text, "lime.parse: the frame", "string"))
  if not read then
    wrong("the frame is no JSON: %s", tostring(e.message):gsub("^json.decode: ", ""))
  elseif not is_object(e) then
    wrong "the frame is no JSON object"
  end
  for k, v in pairs(e) do
    if v == json.null then
      e[k] = nil -- other implementations write what they have not got
    end
  end
  local ok, kind = pcall(M.check, e)
  if not ok then
    kind.object = e
    error(kind, 0)
  end
  return e, kind
end

-- Returns the kind of an envelope. Raises data where it is none.
function M.check(e)
  local kind
  for _, pair in ipairs(kinds) do
    if e[pair[2]] ~= nil then
      if kind then
        wrong("the envelope is a %s and a %s", kind, pair[1])
      end
      kind = pair[1]
    end
  end
  if not kind then
    wrong "the object is no envelope: it has no content, event, method or state"
  end
  check_common(e)
  checks[kind](e)
  return kind
end

local fields = { id = "string|boolean?", from = "string?", to = "string?", pp = "string?", metadata = "table?" }

local function with(more)
  for key, typ in pairs(fields) do
    more[key] = typ
  end
  return more
end

local types = {
  message = with { type = "string?", content = "any" },
  notification = with { event = "string", reason = "table?" },
  command = with { method = "string", uri = "string", type = "string?", resource = "any?" },
}

-- Makes an envelope of what a script gives: known keys, an id, a type for a document. Raises argument.
function M.make(kind, given, what)
  local e = check.options(given, what, types[kind])
  local document = kind == "message" and "content" or "resource"
  if kind ~= "notification" and e[document] ~= nil then
    e.type = e.type or (type(e[document]) == "table" and "application/json" or "text/plain")
  end
  if e.id == nil and e.method ~= "observe" then
    e.id = crypto.uuid()
  end
  e.id = e.id or nil
  local ok, err = pcall(M.check, e)
  if not ok then
    check.fail("argument", what .. ": " .. err.message:gsub("^lime: ", ""))
  elseif e.method and not M.methods[e.method] then
    check.fail("argument", ("%s: there is no method %q; there are get, set, delete, merge, subscribe, unsubscribe and observe"):format(what, e.method))
  elseif e.event and not M.events[e.event] then
    check.fail("argument", ("%s: there is no event %q; there are accepted, dispatched, received, consumed and failed"):format(what, e.event))
  end
  return e
end

-- Raises an error of type lime that carries a reason: { code =, description = }.
function M.refuse(code, description, text)
  local _, err = pcall(function() check.fail("lime", text) end)
  err.reason = { code = code, description = description }
  error(err, 0)
end

return M
