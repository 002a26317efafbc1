-- The options of lime.client.

local check = require "check"
local envelope = require "lime.envelope"

local client_options = {
  uri = "string?", identity = "string", authentication = "table|boolean?", encryption = "string?", transport = "table|function?",
  tls = "table?", headers = "table?", timeout = "duration?", ping_interval = "duration?", ping_timeout = "duration?",
  finish_timeout = "duration?", max_size = "integer?", notifications = "boolean?",
}

local defaults = { timeout = 30, ping_interval = 60, ping_timeout = 30, finish_timeout = 5, max_size = 1024 * 1024, notifications = true }

local function check_authentication(given)
  if given == false then
    return false
  end
  local what = "lime.client.authentication"
  local a = check.arg(given == nil and { scheme = "guest" } or given, what, "table")
  check.arg(a.scheme, what .. ".scheme", "string")
  for scheme, field in pairs { plain = "password", key = "key" } do
    if a.scheme == scheme then
      check.options(a, what, { scheme = "string", [field] = "string" })
    end
  end
  if a.scheme == "guest" then
    check.options(a, what, { scheme = "string" })
  end
  return a
end

-- Checks the options and fills in what is left out. Returns them and the client's node.
return function(options)
  local o = check.options(options, "lime.client", client_options)
  for key, value in pairs(defaults) do
    if o[key] == nil then
      o[key] = value
    end
  end
  local node = envelope.split_node(o.identity)
  if not node or not node.name then
    check.fail("argument", ("lime.client.identity: want name@domain or name@domain/instance, got %q"):format(o.identity))
  elseif o.uri and o.transport then
    check.fail("argument", "lime.client: want a uri or a transport, not both")
  elseif o.encryption and o.encryption ~= "tls" and o.encryption ~= "none" then
    check.fail("argument", ("lime.client.encryption: want tls or none, got %q"):format(o.encryption))
  elseif o.max_size < 1024 or o.max_size > 16 * 1024 * 1024 then
    check.fail("argument", "lime.client.max_size: want 1 KiB to 16 MiB")
  end
  o.authentication = check_authentication(o.authentication)
  o.tls = o.tls and check.options(o.tls, "lime.client.tls", { server_name = "string?", ca = "string?" })
  if o.tls and o.tls.server_name and (o.uri or ""):lower():find "^wss?:" then
    check.fail("argument", "lime.client.tls.server_name: a server of wss:// must show the certificate of the host in the uri")
  end
  if type(o.transport) == "table" then
    for _, name in ipairs { "send", "receive", "close" } do
      check.arg(o.transport[name], "lime.client.transport." .. name, "function")
    end
  end
  return o, node
end
