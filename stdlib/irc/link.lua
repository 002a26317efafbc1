-- One connection of a client: its reader, its writer, and what looks after both.
--
--   read_line ─▶ session (PING, registration, …) ─▶ handlers["in"] ─▶ events
--   send ─▶ flood ─▶ handlers.out ─▶ write
--
-- The reader stops while a line is being written and when connect is about to return, so that whoever sends and then
-- waits for the answer is waiting before the answer can come.

local chain = require "irc.chain"
local check = require "check"
local irc_line = require "irc.line"
local lane = require "irc.lane"
local net = require "net"
local promise = require "promise"
local session = require "irc.session"
local time = require "time"

local Link = {}
Link.__index = Link

local M = {}

local write_timeout = 30
-- How often a connection is looked at, in seconds, and after how many looks without a beat of the generation a later
-- one has taken over: its timers have been stopped then.
local look_again, looks_without_beat = 0.5, 4
-- How long a later generation lets the older one say good-bye.
M.handover = look_again * (looks_without_beat + 3)

-- Timers begin when on_start has ended.
local beats, begun, beating = 0, false, false

-- Begins the beat that tells that this generation of the script is the one that counts.
function M.beat()
  if not beating then
    beating = true
    bot.spawn(function() begun = true end)
    bot.every(look_again, function() beats = beats + 1 end)
  end
end

-- Ends the connection, for a reason that events and errors tell. The second call does nothing.
function Link:drop(reason)
  if self.closed then
    return
  end
  self.closed, self.reason, self.registering = true, reason, false
  if self.conn then
    self.conn:close()
  end
  local client = self.client
  client.link = nil
  self.welcome:resolve(false)
  self.gone:resolve()
  if self.connected then
    client:trigger("client_disconnect", { host = client.options.host, port = client.options.port, message = reason })
  end
end

function Link:check_open()
  if self.closed then
    check.fail("closed", "irc: the connection has ended: " .. self.reason)
  end
end

-- Stops the reader behind the line that it handles, until as many calls of release.
function Link:hold()
  self.holds = self.holds + 1
end

function Link:release()
  self.holds = math.max(self.holds - 1, 0)
  if self.holds == 0 and self.free then
    self.free:resolve()
    self.free = nil
  end
end

local function write(self, line)
  local client = self.client
  irc_line.safe(line, "irc")
  if client.options.encoding == "latin1" then
    line = irc_line.to_latin1(line)
  end
  if #line > client.line_limit - 2 then
    check.fail("limit", ("irc: a line of %d bytes is too long for the server, which takes %d"):format(#line, client.line_limit - 2))
  end
  self:check_open()
  self:hold()
  local ok, err = pcall(self.conn.write, self.conn, line .. "\r\n", { timeout = write_timeout })
  self:release()
  if not ok then
    self:drop(tostring(err.message or err))
    error(err, 0)
  end
end

-- Sends a line at once. Waits.
function Link:put(line)
  chain.run(self.client.handlers.out, self.client, line, function(text) write(self, text) end)
end

-- Handles a line of the server.
local function receive(self, line)
  local client = self.client
  self.pinged = false
  local message = irc_line.parse(irc_line.decode(line))
  if message then
    session.handle(self, message)
  end
  if not self.closed then
    self.line, self.message = line, message
    local ok, err = pcall(chain.run, client.handlers["in"], client, line, function() end)
    if not ok then -- a handler's mistake ends with its line
      bot.spawn(function() error(err, 0) end)
    end
  end
end

-- Reads until the connection ends, and returns why.
local function read(self)
  local max = self.client.options.max_line
  while true do
    self.heard, self.reading = time.now(), true
    local line = self.conn:read_line { max = max }
    self.reading = false
    if not line then
      return self.farewell or "the server has closed the connection"
    end
    while self.holds > 0 and not self.closed do
      self.free = self.free or promise.new()
      if not self.free:wait(write_timeout + 5) then
        self.holds = 0 -- who held it was cut
      end
    end
    receive(self, line)
    lane.wait_for_room(self.client.lane)
  end
end

-- Looks after the connection: whether its reader lives, whether the server does, whether the nick that was taken is free.
local function look(self)
  local client, o = self.client, self.client.options
  local silent = self.reading and time.now() - self.heard or 0
  if coroutine.status(self.reader) == "dead" then
    self:drop "what read its lines was cut"
  elseif silent >= o.ping_interval + o.ping_timeout then
    self:drop(("the server has been silent for %d s"):format(silent))
  elseif silent >= o.ping_interval and not self.pinged and not self.registering then
    self.pinged = true
    self:put("PING :" .. o.host)
  elseif self.replaced and not self.registering and time.now() - self.asked >= o.ping_interval then
    self.asked = time.now()
    self:put("NICK " .. o.nick)
  end
  lane.advance(client.lane)
end

local function mind(self)
  local seen, without = beats, 0
  while not self.gone:wait(look_again) do
    without = begun and beats == seen and without + 1 or 0
    seen = beats
    if without >= looks_without_beat then
      return self.client:disconnect "reloaded"
    end
    local ok, err = pcall(look, self)
    if not ok then
      self:drop(tostring(err.message or err))
    end
  end
end

local function begin(self)
  self.reader = coroutine.create(read)
  bot.spawn(function()
    local _, reason = coroutine.resume(self.reader, self)
    if type(reason) == "table" then
      reason = reason.message
    end
    self:drop(tostring(reason))
  end)
  bot.spawn(function() mind(self) end)
end

-- Connects a client and returns when the server has welcomed it. Raises what net.connect raises, and irc where the
-- server refuses. Waits.
function M.open(client)
  local o = client.options
  local self = setmetatable({ client = client, holds = 0, welcome = promise.new(), gone = promise.new(), closed = false,
    registering = o.nick ~= nil, heard = time.now(), asked = time.now() }, Link)
  client.link = self
  local ok, conn = pcall(net.connect, { host = o.host, port = o.port, tls = o.tls, timeout = o.timeout })
  if not ok then
    self:drop "it could not be made"
    error(conn, 0)
  elseif self.closed then
    conn:close()
    self:check_open()
  end
  self.conn, self.heard, self.connected = conn, time.now(), true
  client.line_limit, client.isupport, client.settings = 512, {}, 0
  client:trigger("client_connect", { host = o.host, port = o.port })
  begin(self)
  if o.nick then
    local begun, err = pcall(session.begin, self)
    if not begun then
      self:drop "it could not be begun"
      error(err, 0)
    end
    local came = self.welcome:wait(o.timeout)
    self:release() -- held by the welcome
    if not came and not self.closed then
      self:drop "time-out"
      check.fail("timeout", ("irc: %s:%d: no welcome within %g s"):format(o.host, o.port, o.timeout))
    elseif self.closed then
      check.fail("irc", ("irc: %s:%d: %s"):format(o.host, o.port, self.reason))
    end
  end
  return self
end

return M
