-- A client for IRC (RFC 2812), with TLS, SASL and reconnection. Experimental.
--
--   local irc = require "irc"
--   local client = irc.client { host = "irc.example.org", tls = true, nick = "greeter" }
--   client:on("client_connect", function() client:send("join", { channel = "#hall" }) end)
--   client:on("privmsg", function(e)
--     if e.target == "#hall" then client:send("privmsg", { target = "#hall", message = "Hello " .. e.nick }) end
--   end)
--   client:run()

local await = require "irc.await"
local chain = require "irc.chain"
local check = require "check"
local events = require "irc.events"
local flood = require "irc.flood"
local keep = require "irc.keep"
local lane = require "irc.lane"
local irc_line = require "irc.line"
local link = require "irc.link"
local patterns = require "irc.patterns"
local read_options = require "irc.options"
local sending = require "irc.sending"
local serializer = require "irc.serializer"
local session = require "irc.session"

---The module: `local irc = require "irc"`. Experimental. Needs --allow net=HOST:PORT.
---@class irc
local M = {}

---The serializer that clients begin with a copy of. A pattern added to it holds for the clients made later.
---@type IrcSerializer
M.serializer = patterns(serializer.new(serializer.formatters))

---What irc.client makes. Its handlers of events run one after the other, in the order in which the events came; one
---that waits with client:wait lets the next begin. `nick` is the nick now, `isupport` what the server told of itself,
---`serializer` its own copy of irc.serializer.
---@class IrcClient
---@field nick string?
---@field isupport table<string, string>
---@field serializer IrcSerializer
---@field handlers IrcHandlers
local Client = {}
Client.__index = Client

---Whole lines on their way: handlers["in"], or handlers.incoming, has those of the server as they came, the last of
---its functions makes events of them; handlers.out, or handlers.outgoing, has those that go out. After
---handlers["in"]:clear() there are no events; PING is answered all the same.
---@class IrcHandlers
---@field incoming IrcChain
---@field out IrcChain
---@field outgoing IrcChain

---An event. Beside these fields it has what its parameters are called: `target` and `message` for privmsg and notice,
---`channel` for join and part, `new_nick` for nick; docs/irc.md lists them all.
---@class IrcEvent
---@field event string its name, as "PRIVMSG" or "RPL_ENDOFMOTD"
---@field number? string of a numeric reply, as "376"
---@field nick? string who sent it, nil for a server
---@field user? string
---@field host? string of the person, or the server's name
---@field tags? table<string, string>
---@field raw? IrcMessage nil for events that client:trigger made

---@class IrcSasl
---@field user string
---@field password string

---@class IrcFlood
---@field rate? number lines a second (default 2)
---@field burst? number lines at once (default 8)

---@class IrcReconnect
---@field first? number|string before the first further attempt (default 1 s); it is doubled each time until a connection has lasted a minute
---@field longest? number|string (default 5 minutes)

---@class IrcOptions
---@field host string
---@field port? integer default 6697 with tls, else 6667
---@field tls? boolean|NetTls (default false)
---@field nick? string where it is taken, others are tried; without one, your handler of client_connect sends nick and user
---@field user? string (default: nick)
---@field realname? string (default: nick)
---@field password? string of the server; with a nick only
---@field sasl? IrcSasl logs in with SASL PLAIN; with a nick only, and use it with tls only
---@field encoding? "utf-8"|"latin1" of what is sent (default "utf-8"); what comes and is no UTF-8 counts as latin1
---@field timeout? number|string for connecting and the welcome (default 30 s)
---@field ping_interval? number|string of silence after which the server is pinged (default 1 minute)
---@field ping_timeout? number|string after which it counts as gone (default 30 s)
---@field reconnect? IrcReconnect
---@field flood? IrcFlood how fast lines go out
---@field text_limit? integer bytes of text in one PRIVMSG or NOTICE (default: what the server takes)
---@field max_line? integer bytes; a longer line of the server ends the connection (default 16384)
---@field ctcp? table<string, string>|boolean answers to CTCP requests by their names, PING is answered; false: none (default: VERSION)
---@field serializer? IrcSerializer in place of irc.serializer

---Makes a client. It does nothing before client:run or client:connect.
---@param options IrcOptions
---@return IrcClient
function M.client(options)
  local o = read_options(options)
  if rawget(_G, "bot") == nil then
    check.fail("argument", "irc.client: a client needs a bot, and there is none here", "Run the script with simplex-lua run or dev.")
  end
  link.beat()
  local incoming, outgoing = chain.new(), chain.new()
  local client = setmetatable({
    options = o, nick = o.nick, isupport = {}, line_limit = 512, listeners = {}, waiters = {}, lane = lane.new(),
    serializer = (o.serializer or M.serializer):copy(), flood = flood.new(o.flood.rate, o.flood.burst),
    handlers = { ["in"] = incoming, incoming = incoming, out = outgoing, outgoing = outgoing },
  }, Client)
  incoming:insert(function(_, line) client:receive(line) end)
  return client
end

---Calls fn with each event of a name: a command as "privmsg", a reply by its name or number as "RPL_TOPIC" or "332",
---"client_connect", "client_disconnect", "ctcp", or a name of your own. MODE comes as "usermode" and "channelmode".
---Letters may be large or small.
---
---```lua
---local client = require("irc").client { host = "irc.example.org", nick = "greeter" }
---client:on("join", function(e)
---  if e.nick ~= client.nick then client:say(e.channel, "Welcome, " .. e.nick) end
---end)
---```
---@param event string|string[]
---@param fn fun(event: IrcEvent)
---@return { remove: fun(self: table) }
function Client:on(event, fn)
  check.arg(fn, "client:on", "function")
  local names = check.arg(event, "client:on: the event", "string|list")
  names = type(names) == "string" and { names } or names
  local mine = function(e) return fn(e) end -- tells two uses of one function apart
  for i, name in ipairs(names) do
    names[i] = events.canonical(check.arg(name, "client:on: the event", "string"))
    local list = self.listeners[names[i]] or {}
    list[#list + 1] = mine
    self.listeners[names[i]] = list
  end
  return {
    remove = function()
      for _, name in ipairs(names) do
        local list = self.listeners[name]
        for i = #list, 1, -1 do
          if list[i] == mine then
            table.remove(list, i)
          end
        end
      end
    end,
  }
end

---Makes an event, as if it had come: its handlers are called, and those who wait for it go on.
---@param event string
---@param fields? table what the handlers get
function Client:trigger(event, fields)
  local name = events.canonical(check.arg(event, "client:trigger: the event", "string"))
  local e = {}
  for key, value in pairs(check.arg(fields, "client:trigger: the fields", "table?") or {}) do
    e[key] = value
  end
  e.event = name
  for i = #self.waiters, 1, -1 do
    local waiter = self.waiters[i]
    if waiter.names[name] then
      waiter.names[name], waiter.came[name] = nil, e
      if not waiter.all or next(waiter.names) == nil then
        table.remove(self.waiters, i)
        if self.link then -- no line is read before who waits has seen this one
          waiter.link = self.link
          waiter.link:hold()
        end
        waiter.promise:resolve(e)
      end
    end
  end
  local functions = self.listeners[name]
  if functions and #functions > 0 then
    lane.push(self.lane, { unpack(functions) }, e)
  end
end

---Waits for the next event of a name, or of one of several, and returns it; nil at the time-out. In a handler of
---events, the next event's handlers begin meanwhile. Nothing is missed between a client:send or client:wait and the
---client:wait that follows at once.
---
---```lua
---local client = require("irc").client { host = "irc.example.org", nick = "greeter" }
---client:on("invite", function(e)
---  client:send("join", { channel = e.channel })
---  local done = client:wait({ "RPL_ENDOFNAMES", "ERR_INVITEONLYCHAN" }, "30s")
---  log.info(done and done.event or "no answer")
---end)
---```
---@param event string|string[]
---@param timeout? number|string seconds or "5m" (default 15 minutes)
---@return IrcEvent?
function Client:wait(event, timeout)
  local names = check.arg(event, "client:wait: the event", "string|list")
  return (await(self, type(names) == "string" and { names } or names, timeout, false, "client:wait"))
end

---Waits until each of some events has come, in any order, and returns them in the order of the names; nil where one
---has not come at the time-out. Otherwise as client:wait.
---
---```lua
---local client = require("irc").client { host = "irc.example.org", nick = "greeter" }
---bot.on_command("lunch", function(msg)
---  client:send("away", { message = "lunch" })
---  client:send("ping", { message = "still here" })
---  local came = client:wait_all({ "RPL_NOWAWAY", "PONG" }, "30s")
---  msg:reply(came and came[1].message or "The server does not answer.")
---end)
---```
---@param list string[]
---@param timeout? number|string seconds or "5m" (default 15 minutes)
---@return IrcEvent[]?
function Client:wait_all(list, timeout)
  local names = check.arg(list, "client:wait_all: the events", "list")
  if #names == 0 then
    check.fail("argument", "client:wait_all: want one event or more")
  end
  local last, came = await(self, names, timeout, true, "client:wait_all")
  if not last then
    return nil
  end
  local result = {}
  for i, name in ipairs(names) do
    result[i] = came[events.canonical(name)]
  end
  return result
end

-- What the default handler of incoming lines does.
function Client:receive(text)
  local now = self.link
  local message = now and now.line == text and now.message or M.parse(text)
  local event = message and events.of(message)
  if not event then
    return log.debug("irc: a line that is none of the protocol was skipped", { bytes = #text })
  end
  if event.event == "CTCP" and now then
    session.answer(now, event)
  end
  self:trigger(event.event, event)
end

---Sends a line as it is, without its end. Waits until it has been handed to the network, as the option flood says.
---Raises argument (it has the end of a line in it), limit (it is too long), closed and timeout.
---@param line string
function Client:send_line(line)
  irc_line.safe(check.arg(line, "client:send_line", "string"), "client:send_line")
  local now = sending.ready(self, line:match "^%a*")
  for _, part in ipairs(sending.fit(self, line)) do
    self.flood:pace()
    now:check_open()
    now:put(part)
  end
end

---Sends a command with named parameters: join {channel=}, privmsg {target=, message=}, usermode {nick=, modes=}, …;
---docs/irc.md lists them. A list of channels or nicks may be a table. A long PRIVMSG or NOTICE goes in several, split
---at words. Waits, at first until the server has welcomed the client. Raises argument (an unknown command or
---parameter, one with the end of a line in it), limit, closed and timeout.
---
---```lua
---local client = require("irc").client { host = "irc.example.org", nick = "greeter" }
---client:on("client_connect", function()
---  client:send("join", { channel = { "#hall", "#garden" } })
---  client:send("channelmode", { channel = "#hall", modes = "+v", params = client.nick })
---end)
---```
---@param command string
---@param params? table<string, any>
function Client:send(command, params)
  self:send_line(self.serializer:serialize(command, params))
end

---Sends a text as PRIVMSG, each of its lines by itself; empty ones are left out. Waits.
---@param target string
---@param text string
function Client:say(target, text)
  for piece in check.arg(text, "client:say: the text", "string"):gsub("%z", ""):gmatch "[^\r\n]+" do
    self:send("privmsg", { target = target, message = piece })
  end
end

---Connects, and returns when the server has welcomed the client; the events client_connect and, at the end,
---client_disconnect come. Waits. Raises permission, io and timeout as net.connect does, and irc where the server
---refuses the client.
function Client:connect()
  if self.link then
    check.fail("argument", "client:connect: the client is connected already")
  end
  link.open(self)
end

---Connects and, when the connection ends, connects again, after waits that are doubled each time. It may stand at the
---top of the script, and ends with client:disconnect or this version of the script.
function Client:run()
  if self.running or self.link then
    check.fail("argument", "client:run: the client runs already")
  end
  local run = {}
  self.running = run
  bot.spawn(function() keep(self, run) end)
end

---Says good-bye to the server, ends the connection, and connects no more. Waits a moment for the server. Does nothing
---where there is none.
---@param message? string
function Client:disconnect(message)
  check.arg(message, "client:disconnect: the message", "string?")
  local run, now = self.running, self.link
  self.running = nil
  if run and run.alarm then
    run.alarm:resolve()
  end
  if not now then
    return
  end
  now.farewell = message or "disconnected"
  if now.conn and pcall(now.put, now, self.serializer:serialize("quit", { message = message })) then
    now.gone:wait(2)
  end
  now:drop(message or "disconnected")
end

---Tells whether the client is connected and the server has welcomed it.
---@return boolean
function Client:connected()
  return self.link ~= nil and self.link.connected == true and not self.link.registering
end

---Tells whether two nicks or channels are the same, as this server compares them.
---@param a string
---@param b string
---@return boolean
function Client:same(a, b)
  return M.same(a, b, self.isupport.CASEMAPPING)
end

---@class IrcMessage
---@field command string in capitals, or three digits
---@field params string[]
---@field prefix? string who sent it, as "nick!user@host"
---@field nick? string
---@field user? string
---@field host? string
---@field tags? table<string, string>

---Takes a line apart, without its end; nil and why where it is none of the protocol. What is no UTF-8 counts as
---latin1.
---
---```lua
---local m = require("irc").parse ":anna!a@example.org PRIVMSG #hall :Good morning"
---print(m.nick, m.command, m.params[2])
---```
---@param line string
---@return IrcMessage?
---@return string? reason
function M.parse(line)
  return irc_line.parse(irc_line.decode(check.arg(line, "irc.parse", "string")))
end

---Puts a line together: from tags, prefix, command and params. Raises argument where a parameter cannot be one.
---@param message IrcMessage
---@return string
function M.format(message)
  return irc_line.format(check.arg(message, "irc.format", "table"))
end

---Returns a text in small letters, as servers compare nicks and channels: in rfc1459, the default, {}|^ are the small
---letters of []\~.
---@param text string
---@param mapping? "rfc1459"|"strict-rfc1459"|"ascii"
---@return string
function M.lower(text, mapping)
  return irc_line.lower(check.arg(text, "irc.lower", "string"), check.arg(mapping, "irc.lower: the mapping", "string?"))
end

---Tells whether two nicks or channels are the same.
---@param a string
---@param b string
---@param mapping? "rfc1459"|"strict-rfc1459"|"ascii"
---@return boolean
function M.same(a, b, mapping)
  return M.lower(a, mapping) == M.lower(b, mapping)
end

---Adds a pattern to irc.serializer, for the clients that are made later.
---@param command string
---@param pattern string as "PASS {challenge} {digest}"
function M.register_pattern(command, pattern)
  M.serializer:register(command, pattern)
end

---Makes a serializer that knows no command yet.
---@param formatters? table<string, fun(value: any, name: string): any>
---@return IrcSerializer
function M.new_serializer(formatters)
  return serializer.new(formatters)
end

---Returns the number of a reply, as "376" for "RPL_ENDOFMOTD"; nil where there is none of that name.
---@param name string
---@return string?
function M.number(name)
  return events.number(check.arg(name, "irc.number", "string"))
end

return M
