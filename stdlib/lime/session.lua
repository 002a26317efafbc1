-- The session of a client: how it is established, and what of it the server may change.
--
--   new ─▶ negotiating (encryption, compression) ─▶ authenticating ─▶ established ─▶ finishing ─▶ finished
--
-- The server has the say, but it cannot go back, take another id, weaken the encryption, or leave authentication out.

local check = require "check"
local crypto = require "crypto"
local envelope = require "lime.envelope"

local M = {}

-- The reasons that implementations share.
M.reasons = {
  general_error = 1, session_error = 11, authentication_failed = 13, invalid_action = 15, validation_error = 21,
  not_authorized = 31, destination_not_found = 42, command_error = 61, resource_not_supported = 62,
  method_not_supported = 63, invalid_argument = 64, not_allowed = 66, not_found = 67,
}

local order = { new = 1, negotiating = 2, authenticating = 3, established = 4 }

local function lie(text, ...)
  envelope.refuse(M.reasons.session_error, nil, "lime: " .. text:format(...))
end

-- Raises what a server says that ends a session.
function M.raise_end(e)
  local reason = e.reason or { code = M.reasons.session_error }
  local text = e.state == "finished" and "the server has finished the session"
    or ("the server refused: %s (reason %d)"):format((reason.description or "no description"):sub(1, 200), reason.code)
  envelope.refuse(reason.code, reason.description, "lime: " .. text)
end

-- Receives the next envelope of a session and looks whether it may come now.
local function receive(link)
  local text, why = link.transport:receive(link.client.options.timeout)
  if not text then
    check.fail("closed", "lime: " .. tostring(why or "the server has closed the connection"))
  end
  local e, kind = envelope.parse(text)
  if kind ~= "session" then
    lie("a %s came before the session was established", kind)
  elseif link.id and e.id and e.id ~= link.id then
    lie "the server changed the id of the session"
  elseif e.state == "failed" or e.state == "finished" then
    M.raise_end(e)
  elseif not e.id then
    lie "the server gave the session no id"
  elseif not order[e.state] or e.state == "new" or order[e.state] < order[link.state] then
    lie("the server went from the state %s to %s", link.state, e.state)
  end
  link.id = e.id
  link:enter(e)
  return e
end

local function choose(options, wanted, what)
  for _, option in ipairs(options or {}) do
    if option == wanted then
      return wanted
    end
  end
  lie("the server does not offer the %s %s", what, wanted)
end

-- Agrees on encryption and compression; returns the envelope that comes after it.
local function negotiate(link, offer)
  local wanted = link.encryption == "tls" and not link.transport.secure and "tls" or "none"
  local encryption = offer.encryptionOptions and choose(offer.encryptionOptions, wanted, "encryption") or nil
  local compression = offer.compressionOptions and choose(offer.compressionOptions, "none", "compression") or nil
  link:send { id = link.id, state = "negotiating", encryption = encryption, compression = compression }
  local answer = receive(link)
  if answer.state == "negotiating" then
    if answer.encryption ~= encryption or answer.compression ~= compression then
      lie "the server confirmed other options than those that were chosen"
    elseif encryption == "tls" then
      link.transport:start_tls()
    end
    answer = receive(link)
  end
  if answer.state == "negotiating" then
    lie "the server negotiates again"
  end
  return answer
end

-- What goes into authentication: passwords and keys as base64, anything else as it is.
function M.credentials(authentication)
  local credentials = {}
  for key, value in pairs(authentication) do
    if key ~= "scheme" then
      credentials[key] = (key == "password" or key == "key") and crypto.base64_encode(value) or value
    end
  end
  return credentials
end

local function authenticate(link, offer)
  local authentication = link.client.options.authentication
  if authentication then
    choose(offer.schemeOptions, authentication.scheme, "authentication scheme")
  else
    lie "the server wants authentication and the client has none"
  end
  link:send {
    id = link.id, from = link.client.options.identity, state = "authenticating",
    scheme = authentication.scheme, authentication = M.credentials(authentication),
  }
  local answer = receive(link)
  if answer.state ~= "established" then
    lie "the server wants authentication again"
  end
  return answer
end

-- Brings a new connection to the state established. Raises lime, closed, data, limit, timeout and io. Waits.
function M.establish(link)
  local o = link.client.options
  link:send { state = "new" }
  local e = receive(link)
  if e.state == "negotiating" then
    e = negotiate(link, e)
  end
  if link.encryption == "tls" and not link.transport.secure then
    check.fail("lime", "lime: the server does not encrypt the connection", 'Without encryption it goes with encryption = "none".')
  end
  if e.state == "authenticating" then
    e = authenticate(link, e)
  elseif o.authentication then
    check.fail("lime", "lime: the server established the session without authentication", "authentication = false allows that.")
  end
  local ours, asked = e.to and envelope.split_node(e.to), envelope.split_node(o.identity)
  if o.authentication and o.authentication.scheme ~= "guest" and ours and ours.identity:lower() ~= asked.identity:lower() then
    lie("the server made the client %s, not %s", ours.identity, asked.identity)
  end
  link.node, link.server = e.to or o.identity, e.from
end

return M
