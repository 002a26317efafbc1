-- One connection of a client: its reader and what looks after it.
--
--   receive ─▶ session ─▶ established ─▶ replies to commands, pings ─▶ inbox ─▶ handlers
--
-- Replies and pings are dealt with by the reader itself, so that a slow handler holds up neither.

local check = require "check"
local crypto = require "crypto"
local promise = require "promise"
local receive = require "lime.receive"
local session = require "lime.session"
local time = require "time"
local transport = require "lime.transport"

local Link = {}
Link.__index = Link

local M = {}

-- How often a connection is looked at, in seconds, and after how many looks without a beat of this generation of the
-- script a later one has taken over: its timers have been stopped then.
local look_again, looks_without_beat = 0.5, 5

-- How long reading waits for writers, in seconds: a server may want to be rid of what it sends before it reads on.
local writers_first = 1

local beats, started = 0, false
local beating

-- Begins the beat that tells that this generation of the script is the one that counts.
function M.beat()
  if not beating then
    beating = true
    bot.every(look_again, function() beats = beats + 1 end)
    bot.after(0, function() started = true end) -- timers begin when on_start has ended
  end
end

-- Waits for a promise, and calls a function again and again meanwhile. Returns "resolved", "timeout", or "superseded"
-- where a later generation of the script has taken over.
function M.wait(wanted, timeout, fn)
  local seen, without, waited = beats, 0, 0
  while waited < timeout do
    local step = math.min(look_again, timeout - waited)
    if wanted:wait(step) then
      return "resolved"
    end
    waited = waited + step
    without = started and beats == seen and without + 1 or 0
    seen = beats
    if without >= looks_without_beat then
      return "superseded"
    elseif fn then
      fn()
    end
  end
  return "timeout"
end

-- Ends the connection; err is why. The second call does nothing.
function Link:drop(err)
  if self.closed then
    return
  end
  if self.finishing then
    err = { type = "closed", message = "lime: the client was closed" }
  elseif type(err) ~= "table" then
    err = { type = "lime", message = tostring(err) }
  end
  local client, was_established = self.client, self.state == "established"
  self.closed, self.error = true, err
  if client.link == self then
    client.link, client.state = nil, "closed"
  end
  receive.forget(client, err)
  self.established:resolve(false)
  self.gone:resolve()
  if was_established then
    receive.tell(client, "disconnect", { type = err.type, message = err.message, reason = err.reason })
  end
  if self.transport then
    pcall(self.transport.close, self.transport)
  end
end

-- Sends an envelope. Raises closed, timeout and io; the connection is over then. Waits.
function Link:send(e)
  if self.closed then
    M.raise(self.error, "closed")
  end
  local text = json.encode(e)
  self.writing = self.writing + 1
  local ok, err = pcall(self.transport.send, self.transport, text)
  self.writing = math.max(self.writing - 1, 0)
  if self.writing == 0 and self.written then
    self.written:resolve()
    self.written = nil
  end
  if not ok then
    self:drop(err)
    M.raise(err)
  end
end

-- Waits while something is being sent, so that whoever sends and then waits for what comes of it is waiting before that
-- can come.
function Link:wait_for_writers()
  while self.writing > 0 and not self.closed do
    self.written = self.written or promise.new()
    if not self.written:wait(writers_first) then
      self.writing = 0 -- it takes too long, or the writer was cut
    end
  end
end

-- Raises an error that happened elsewhere, for the line of the script that called the module.
function M.raise(err, typ)
  if type(err) ~= "table" then
    err = { type = "lime", message = tostring(err) }
  end
  local _, own = pcall(function() check.fail(typ or err.type or "lime", tostring(err.message)) end)
  own.reason = err.reason
  error(own, 0)
end

-- Notes the state that the server has put the session in.
function Link:enter(e)
  self.state = e.state
  self.client.state = e.state
  receive.tell(self.client, "session", e)
end

-- Reads until the connection ends, which is an error.
local function read(self)
  session.establish(self)
  local client = self.client
  client.node, client.server, client.session_id = self.node, self.server, self.id
  self.established:resolve(true)
  receive.tell(client, "connect", { node = self.node, server = self.server, id = self.id })
  while true do
    local text, why = self.transport:receive()
    if not text then
      check.fail("closed", "lime: " .. tostring(why or "the server has closed the connection"))
    end
    self.heard, self.pinged = time.now(), false
    self:wait_for_writers()
    receive.frame(client, self, text)
    client.inbox:wait_for_room()
  end
end

-- Looks whether the reader lives, and the server.
local function look(self)
  local o, silent = self.client.options, time.now() - self.heard
  if coroutine.status(self.reader) == "dead" then
    self:drop { type = "lime", message = "lime: what reads from the server was cut" }
  elseif self.state ~= "established" or o.ping_interval == 0 then
    return
  elseif silent >= o.ping_interval + o.ping_timeout then
    self:drop { type = "timeout", message = ("lime: the server has been silent for %d s"):format(silent) }
  elseif silent >= o.ping_interval and not self.pinged then
    self.pinged, self.ping_id = true, crypto.uuid()
    self:send { id = self.ping_id, method = "get", uri = "/ping" }
  end
  self.client.inbox:advance()
end

local function mind(self)
  local how = M.wait(self.gone, math.huge, function()
    local ok, err = pcall(look, self)
    if not ok then
      self:drop(err)
    end
  end)
  if how == "superseded" then
    self.client:close()
  end
end

local function open_transport(client)
  local o = client.options
  if type(o.transport) == "function" then
    return check.arg(o.transport(), "lime.client.transport: what the function returns", "table")
  end
  return o.transport or transport.open(client.address, o)
end

-- Connects a client, and returns when the session is established. Raises what net and websocket raise, lime where the
-- server refuses or lies, data, limit and timeout. Waits.
function M.open(client)
  local o = client.options
  local self = setmetatable({
    client = client, state = "new", writing = 0, established = promise.new(), gone = promise.new(), closed = false, heard = time.now(),
    owner = coroutine.running(),
  }, Link)
  client.link, client.state = self, "new"
  local ok, opened = pcall(open_transport, client)
  if not ok then
    self:drop(opened)
    M.raise(opened)
  end
  self.transport = opened
  if self.closed then -- the client was closed meanwhile
    pcall(opened.close, opened)
    M.raise(self.error, "closed")
  end
  self.encryption = o.encryption or (opened.start_tls and "tls" or "none")
  if self.encryption == "tls" and not opened.secure and not opened.start_tls then
    self:drop "lime: the transport cannot be encrypted"
    check.fail("argument", 'lime.client: encryption = "tls" needs wss://, tls:// or tcp://')
  end
  self.reader = coroutine.create(read)
  bot.spawn(function()
    local _, err = coroutine.resume(self.reader, self)
    self:drop(err)
  end)
  bot.spawn(function() mind(self) end)
  local came, established = self.established:wait(o.timeout)
  if not came then
    self:drop { type = "timeout", message = ("lime: no session within %g s"):format(o.timeout) }
  end
  if not established then
    M.raise(self.error)
  end
  return self
end

-- Asks the server to finish the session, and ends the connection.
function Link:finish()
  self.finishing = true
  if self.state == "established" and pcall(self.send, self, { id = self.id, state = "finishing" }) then
    self.gone:wait(self.client.options.finish_timeout)
  end
  self:drop()
end

return M
