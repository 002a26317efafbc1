-- How envelopes travel: a WebSocket, which has frames, or TCP, where JSON objects follow each other.
--
-- A transport has send(text), receive(timeout) (a frame; nil and why at the end), close(), and where it can become
-- secure, start_tls(). Its field secure tells that it is.

local check = require "check"
local net = require "net"
local promise = require "promise"
local websocket = require "websocket"

local M = {}

-- The port that the protocol is registered for.
M.port = 55321

-- How deep objects and arrays may nest; json.decode takes no more.
local max_depth = 200

-- So many frames of one read are handled before other handlers have a turn, and the CPU limit begins anew.
local frames_at_once = 50

local Frames = {}
Frames.__index = Frames

-- Cuts a stream of bytes into frames: the JSON objects in it.
function M.frames(max_size)
  return setmetatable({ max = max_size, text = "", at = 1, parts = {}, size = 0, depth = 0, quoted = false }, Frames)
end

-- Where the text between two frames ends; nil where there is nothing else.
local function skip_space(text, at)
  local start = text:find("[^ \t\r\n]", at)
  if start and text:sub(start, start) ~= "{" then
    check.fail("data", "lime: what came is no JSON object")
  end
  return start
end

-- Reads on to the end of the frame that is open; returns where that is, nil where it is not there yet.
local function find_end(self, text, at)
  while true do
    local found = text:find(self.quoted and '["\\]' or '["{}%[%]]', at)
    if not found then
      return nil
    end
    local c = text:sub(found, found)
    at = found + 1
    if c == "\\" then
      if at > #text then
        self.escaped = true
      end
      at = at + 1
    elseif c == '"' then
      self.quoted = not self.quoted
    elseif c == "{" or c == "[" then
      self.depth = self.depth + 1
      if self.depth > max_depth then
        check.fail("data", ("lime: a frame is more than %d levels deep"):format(max_depth))
      end
    else
      self.depth = self.depth - 1
      if self.depth == 0 then
        return found
      end
    end
  end
end

-- Takes bytes that came, after next has returned nil.
function Frames:feed(text)
  self.text, self.at = text, 1
end

-- Returns the next frame that is whole, or nil. Raises data for what is no JSON object and limit for a frame that is too
-- large.
function Frames:next()
  local at = self.at
  if self.depth == 0 then
    at = skip_space(self.text, at)
  end
  if not at or at > #self.text then
    self.at = #self.text + 1
    return nil
  end
  local from = at
  if self.escaped then
    self.escaped, at = false, at + 1
  end
  local last = find_end(self, self.text, at)
  self.at = (last or #self.text) + 1
  self.size = self.size + self.at - from
  if self.size > self.max then
    check.fail("limit", ("lime: a frame has more than %d bytes"):format(self.max), "The option max_size sets the bound.")
  end
  self.parts[#self.parts + 1] = self.text:sub(from, self.at - 1)
  if not last then
    return nil
  end
  local frame = table.concat(self.parts)
  self.parts, self.size = {}, 0
  return frame
end

-- Tells whether nothing is left over.
function Frames:is_empty()
  return self.depth == 0 and not self.text:find("[^ \t\r\n]", self.at)
end

local Tcp = {}
Tcp.__index = Tcp

function Tcp:send(text)
  self.conn:write(text .. "\n")
end

function Tcp:receive(timeout)
  while true do
    local frame = self.frames:next()
    if frame then
      self.taken = self.taken + 1
      if self.taken % frames_at_once == 0 then
        promise.new():wait(0)
      end
      return frame
    end
    local bytes = self.conn:read_some { timeout = timeout }
    if not bytes then
      return nil, "the server has closed the connection"
    end
    self.frames:feed(bytes)
  end
end

function Tcp:start_tls()
  if not self.frames:is_empty() then
    check.fail("data", "lime: the server sent something before the connection was secure, which is not to be trusted")
  end
  self.conn:start_tls(self.tls)
  self.secure = true
end

function Tcp:close()
  self.conn:close()
end

function M.tcp(o)
  local conn = net.connect { host = o.host, port = o.port, tls = o.direct and (o.tls or true) or nil, timeout = o.timeout }
  return setmetatable({ conn = conn, frames = M.frames(o.max_size), taken = 0, tls = o.tls, secure = o.direct }, Tcp)
end

local Socket = {}
Socket.__index = Socket

function Socket:send(text)
  self.socket:send(text)
end

function Socket:receive(timeout)
  local text, kind, reason = self.socket:receive(timeout)
  if text and kind ~= "text" then
    check.fail("data", "lime: the server sent bytes where a text was due")
  elseif kind == 1009 then
    check.fail("limit", "lime: " .. reason, "The option max_size sets the bound.")
  elseif not text then
    return nil, ("the server has closed the connection (%s %s)"):format(kind, reason or "")
  end
  return text
end

function Socket:close()
  self.socket:close()
end

function M.websocket(o)
  local socket = websocket.connect(o.url, {
    protocols = { "lime" }, headers = o.headers, timeout = o.timeout, max_size = o.max_size, ca = o.tls and o.tls.ca,
  })
  return setmetatable({ socket = socket, secure = o.url:find "^wss:" ~= nil }, Socket)
end

local forms = { ws = "websocket", wss = "websocket", tcp = "tcp", ["net.tcp"] = "tcp", tls = "tcp", lime = "srv" }

-- Reads an address: ws://…, wss://…, tcp://host:port, tls://host:port, or lime://domain, whose server is asked for.
function M.parse_uri(uri)
  local scheme, rest = uri:match "^([%a.]+)://([^%s%c]+)$"
  local form = scheme and forms[scheme:lower()]
  if not form then
    check.fail("argument", ("lime.client.uri: want ws://, wss://, tcp://, tls:// or lime:// and a host, got %q"):format(uri))
  elseif form == "websocket" then
    return { form = form, url = scheme:lower() .. "://" .. rest }
  end
  local host, port = rest:gsub("/$", ""):match "^%[?([^%[%]/@]-)%]?:?(%d*)$"
  if rest:sub(1, 1) == "[" then
    host, port = rest:match "^%[([%x:.]+)%]:?(%d*)/?$"
  end
  port = port ~= "" and tonumber(port) or nil
  if not host or host == "" or port and (port < 1 or port > 65535) then
    check.fail("argument", ("lime.client.uri: want a host and perhaps a port after %s://, got %q"):format(scheme, rest))
  end
  return { form = port and form == "srv" and "tcp" or form, host = host, port = port or M.port, direct = scheme:lower() == "tls" }
end

-- Asks the name servers for the servers of a domain, the best first; without an answer it is the domain itself.
function M.lookup(domain, timeout)
  local servers = net.lookup_srv("lime", "tcp", domain, { timeout = timeout })
  if #servers == 0 then
    servers[1] = { target = domain, port = M.port }
  end
  return servers
end

-- Connects as an address of parse_uri says. o: timeout, max_size, tls, headers.
function M.open(address, o)
  local tls, err = o.tls, nil
  if address.form == "websocket" then
    return M.websocket { url = address.url, headers = o.headers, timeout = o.timeout, max_size = o.max_size, tls = tls }
  end
  local servers = { { target = address.host, port = address.port } }
  if address.form == "srv" then
    -- Who answers for a domain must show the domain's certificate: the answer of a name server proves nothing.
    servers = M.lookup(address.host, o.timeout)
    tls = { ca = tls and tls.ca, server_name = tls and tls.server_name or address.host }
  end
  for _, server in ipairs(servers) do
    local ok, transport = pcall(M.tcp, {
      host = server.target, port = server.port, direct = address.direct, tls = tls, timeout = o.timeout, max_size = o.max_size,
    })
    if ok then
      return transport
    end
    err = transport
  end
  error(err, 0)
end

return M
