-- A client for LIME, the Lightweight Messaging Protocol (limeprotocol.org), over WebSocket and TCP. Experimental.
--
--   local lime = require "lime"
--   local client = lime.client {
--     uri = "wss://lime.example.org", identity = "greeter@example.org",
--     authentication = { scheme = "plain", password = "…" },
--   }
--   client:on("message", function(m) client:send_message { to = m.from, content = "Hello!" } end)
--   client:run()

local ask = require "lime.ask"
local check = require "check"
local commands = require "lime.commands"
local envelope = require "lime.envelope"
local inbox = require "lime.inbox"
local keep = require "lime.keep"
local link = require "lime.link"
local map = require "map"
local match = require "lime.match"
local paths = require "rpc.path"
local promise = require "promise"
local read_options = require "lime.options"
local session = require "lime.session"
local transport = require "lime.transport"

---The module: `local lime = require "lime"`. Experimental. Needs --allow net=HOST:PORT.
---@class lime
local M = {}

---The reason codes that implementations share, by name: `general_error` 1, `session_error` 11, `authentication_failed`
---13, `invalid_action` 15, `validation_error` 21, `not_authorized` 31, `destination_not_found` 42, `command_error` 61,
---`resource_not_supported` 62, `method_not_supported` 63, `invalid_argument` 64, `not_allowed` 66, `not_found` 67.
---@type table<string, integer>
M.reasons = session.reasons

---What lime.client makes. Its handlers run one after the other, in the order in which the envelopes came; one that waits
---for the other side lets the next begin.
---@class LimeClient
---@field state string "closed", or that of the session: "new", "negotiating", "authenticating", "established"
---@field node string? the client's own node, which the server may have chosen
---@field server string? the server's node
---@field session_id string?
---@field skipped integer how many envelopes were passed over: none of the protocol, or answers nobody asked for
local Client = {}
Client.__index = Client

---An envelope: a message (`type`, `content`), a notification (`event`), a command (`method`, `uri`, `type`, `resource`)
---or a session (`state`), with the protocol's own names.
---@class LimeEnvelope
---@field id? string
---@field from? string who sent it, as "name@domain/instance"; nil: the server
---@field to? string
---@field pp? string who sends in the name of from
---@field metadata? table<string, string>
---@field type? string MIME type of the content or the resource
---@field content? any a table where the type is JSON, else a text; pictures and other bytes are base64
---@field event? "accepted"|"dispatched"|"received"|"consumed"|"failed"
---@field method? "get"|"set"|"delete"|"merge"|"subscribe"|"unsubscribe"|"observe"
---@field uri? string "/path" or "lime://name@domain/path"
---@field resource? any
---@field status? "success"|"failure" of the answer to a command
---@field reason? LimeReason of a failure
---@field state? string

---@class LimeReason
---@field code integer
---@field description? string

---@class LimeAuthentication
---@field scheme string "guest", "plain", "key", or another one, whose fields are sent as they are
---@field password? string of plain
---@field key? string of key, as it is: it is sent in base64

---@class LimeTls
---@field server_name? string whose certificate the server must show (default: the host, or the domain of lime://); not for wss://
---@field ca? string certificates in PEM that are trusted in place of the system's

---@class LimeOptions
---@field uri? string ws://, wss://, tcp://HOST:PORT (encrypted while the session is negotiated), tls://HOST:PORT (from the start) or lime://DOMAIN, whose servers the name servers know (default: lime:// and the domain of the identity)
---@field identity string "name@domain" or "name@domain/instance"
---@field authentication? LimeAuthentication|boolean default: guest; false: the server need not ask for any
---@field encryption? "tls"|"none" default: "tls" where the transport can be encrypted
---@field transport? LimeTransport|fun(): LimeTransport in place of a uri; a function is called for each connection
---@field tls? LimeTls
---@field headers? table<string, string> of the request that opens a WebSocket
---@field timeout? number|string for connecting, up to the session (default 30)
---@field ping_interval? number|string silence after which the server is pinged (default 60; 0: never)
---@field ping_timeout? number|string how long it may take to answer (default 30)
---@field finish_timeout? number|string how long close waits for the server (default 5)
---@field max_size? integer bytes of an envelope received (default 1 MiB)
---@field notifications? boolean tell senders that their messages were received, and consumed or failed (default true)

---What carries envelopes, where it is neither a WebSocket nor TCP. `receive` waits for the next frame and raises timeout
---where a time-out is given; nil and why mean the end. `start_tls` and `secure` are for one that can be encrypted.
---@class LimeTransport
---@field send fun(self: LimeTransport, frame: string)
---@field receive fun(self: LimeTransport, timeout?: number): string?, string?
---@field close fun(self: LimeTransport)
---@field start_tls? fun(self: LimeTransport)
---@field secure? boolean

---Makes a client, which does not connect yet.
---
---```lua
---local lime = require "lime"
---local client = lime.client { uri = "ws://127.0.0.1:8124", identity = "anna@example.org/phone" }
---bot.on_start(function()
---  client:connect()
---  local answer = client:process_command({ method = "get", uri = "/presence" }, { timeout = 10 })
---  log.info(answer.status)
---end)
---```
---@param options LimeOptions
---@return LimeClient
function M.client(options)
  local o, node = read_options(options)
  link.beat()
  return setmetatable({
    options = o, address = not o.transport and transport.parse_uri(o.uri or "lime://" .. node.domain) or nil, state = "closed", skipped = 0,
    listeners = {}, waiters = {}, handlers = {}, pending = map.new(), watched = map.new(), inbox = inbox.new(),
  }, Client)
end

---Reads a frame: returns the envelope in it and its kind, "message", "notification", "command" or "session". Raises data
---where there is none. A client reads what it receives with it.
---@param frame string
---@return LimeEnvelope envelope
---@return string kind
function M.parse(frame)
  return envelope.parse(frame)
end

---Takes a node apart: `name`, `domain`, `instance`, and `identity`, which is name@domain; nil where it is none.
---@param text string
---@return { name?: string, domain: string, instance?: string, identity: string }?
function M.node(text)
  return envelope.split_node(check.arg(text, "lime.node: the node", "string"))
end

---Makes a collection, the document that holds several others, and its type.
---
---```lua
---local lime = require "lime"
---local document, mime = lime.collection("text/plain", { "one", "two" })
---```
---@param item_type string MIME type of the items
---@param items any[]
---@return table document
---@return string type
function M.collection(item_type, items)
  check.arg(item_type, "lime.collection: the type of the items", "string")
  local list = json.array(check.arg(items, "lime.collection: the items", "table"))
  return { total = #list, itemType = item_type, items = list }, "application/vnd.lime.collection+json"
end

---Lets the command that is handled fail with a reason. To be called in a function of client:handle.
---@param code integer see lime.reasons
---@param description? string
function M.fail(code, description)
  check.arg(code, "lime.fail: the code", "integer")
  check.arg(description, "lime.fail: the description", "string?")
  envelope.refuse(code, description, ("lime: %s (reason %d)"):format(description or "failed", code))
end

---Asks the name servers for the LIME servers of a domain, the best first. Waits. Raises what net.lookup_srv raises.
---@param domain string
---@param options? { timeout?: number|string } default 30
---@return NetServer[] servers the domain itself, where they know none
function M.lookup(domain, options)
  local o = check.options(options, "lime.lookup", { timeout = "duration?" })
  return transport.lookup(check.arg(domain, "lime.lookup: the domain", "string"), o.timeout or 30)
end

---Calls a function with each envelope of a kind: "message", "notification", "command" (also those that client:handle
---answers) or "session"; "connect" and "disconnect" bring `node` and `server`, or the error: `type`, `message`, `reason`.
---An error in it is reported; of a message it makes the notification "failed".
---@param event string
---@param filter (table|fun(e: LimeEnvelope): boolean?)? fields that the envelope has, as { type = "text/plain" }, or a test
---@param fn? fun(e: LimeEnvelope)
---@return { remove: fun(self: table) }
function Client:on(event, filter, fn)
  match.event(event, "client:on")
  if fn == nil then
    filter, fn = nil, filter
  end
  local listener = { matches = match.filter(filter, "client:on"), fn = check.arg(fn, "client:on: the function", "function") }
  local list = self.listeners[event] or {}
  self.listeners[event] = list
  list[#list + 1] = listener
  return {
    remove = function()
      for i, other in ipairs(list) do
        if other == listener then
          return table.remove(list, i)
        end
      end
    end,
  }
end

---Waits for the next envelope of a kind, which then does not come to the handlers of client:on; nil at the time-out.
---What is told to all, "session", "connect" and "disconnect", comes to them, too. In a handler, the next ones begin
---meanwhile.
---@param event string as for client:on
---@param filter (table|number|string|fun(e: LimeEnvelope): boolean?)? or the time-out
---@param timeout? number|string default 15 minutes
---@return LimeEnvelope?
function Client:wait(event, filter, timeout)
  match.event(event, "client:wait")
  if timeout == nil and (type(filter) == "number" or type(filter) == "string") then
    filter, timeout = nil, filter
  end
  local waiter = { event = event, matches = match.filter(filter, "client:wait"), promise = promise.new() }
  timeout = check.arg(timeout, "client:wait: the time-out", "duration?") or 900
  self.waiters[#self.waiters + 1] = waiter
  self.inbox:release()
  local came, e = waiter.promise:wait(timeout)
  if not came then
    for i, other in ipairs(self.waiters) do
      if other == waiter then
        table.remove(self.waiters, i)
        break
      end
    end
  end
  return e
end

---@class LimeSendOptions
---@field wait? "accepted"|"dispatched"|"received"|"consumed" wait for this notification
---@field timeout? number|string for that (default 30)

---Sends a message, and returns its id. Without a type it is text/plain for a text and application/json for a table.
---With id = false it has no id: then nobody notifies of it. Waits until it is written, or with the option wait for the
---notification, which is the second result. Raises argument, closed, io and timeout, and lime where the notification is
---"failed", with its reason.
---
---```lua
---local lime = require "lime"
---local client = lime.client { uri = "ws://127.0.0.1:8124", identity = "anna@example.org" }
---bot.on_command("knock", function(msg)
---  client:send_message({ to = "ben@example.org", content = "Are you there?" }, { wait = "received", timeout = "1m" })
---  msg:reply("He has it.")
---end)
---```
---@param message LimeEnvelope to, content, and perhaps type, id, metadata, from, pp
---@param options? LimeSendOptions
---@return string? id
---@return LimeEnvelope? notification
function Client:send_message(message, options)
  local what = "client:send_message"
  local e = envelope.make("message", message, what)
  local o = check.options(options, what, { wait = "string?", timeout = "duration?" })
  if not o.wait then
    ask.open_link(self):send(e)
    return e.id
  elseif not envelope.events[o.wait] or not e.id then
    check.fail("argument", what .. ".wait: want accepted, dispatched, received or consumed, and a message with an id")
  end
  local notification = ask.send(self, self.watched, e, { event = o.wait, promise = promise.new() }, o.timeout or 30, what)
  if notification.event == "failed" and o.wait ~= "failed" then
    local reason = notification.reason or { code = M.reasons.general_error }
    envelope.refuse(reason.code, reason.description, ("%s: %s (reason %d)"):format(what, reason.description or "failed", reason.code))
  end
  return e.id, notification
end

---Notifies of a message that came: what the client does by itself unless notifications = false. Waits.
---@param notification LimeEnvelope id, to, event, and perhaps reason, metadata, from, pp
function Client:send_notification(notification)
  ask.open_link(self):send(envelope.make("notification", notification, "client:send_notification"))
end

---Sends a command and returns the answer, whose `status` is "success" or "failure"; the answer to get has its `resource`,
---a failure its `reason`. A command observe has no answer. Waits. Raises argument, timeout, closed and io.
---
---```lua
---local lime = require "lime"
---local client = lime.client { uri = "ws://127.0.0.1:8124", identity = "anna@example.org" }
---bot.on_command("contacts", function(msg)
---  local answer = client:process_command({ method = "get", uri = "/contacts?take=3" }, { timeout = 10 })
---  msg:reply(answer.status == "success" and #answer.resource.items .. " contacts" or "Code " .. answer.reason.code)
---end)
---```
---@param command LimeEnvelope method, uri, and perhaps to, type, resource, id, metadata, from, pp
---@param options? { timeout?: number|string } default 30
---@return LimeEnvelope? answer
function Client:process_command(command, options)
  local what = "client:process_command"
  local e = envelope.make("command", command, what)
  local o = check.options(options, what, { timeout = "duration?" })
  if e.method == "observe" then
    ask.open_link(self):send(e)
    return nil
  elseif not e.id then
    check.fail("argument", what .. ": a command needs an id, except observe")
  end
  return ask.send(self, self.pending, e, { command = e, promise = promise.new() }, o.timeout or 30, what)
end

---Sets the function that answers commands for a path; nil removes it. {name} in the path stands for a part and * at the
---end for the rest (`rest`). It gets the command, what these stand for, and what is behind the ?, and returns the
---resource and its type. lime.fail gives a reason; another error is reported, and the asker gets code 61. Commands
---for other paths get code 62, unknown methods 63.
---
---```lua
---local lime = require "lime"
---local client = lime.client { uri = "ws://127.0.0.1:8124", identity = "shop@example.org" }
---local stock = { pears = 3 }
---client:handle("/stock/{fruit}", function(command, params)
---  if command.method ~= "get" then lime.fail(lime.reasons.method_not_supported) end
---  return { left = stock[params.fruit] or lime.fail(lime.reasons.not_found) }
---end)
---```
---@param path string "/orders/{id}", "/files/*"
---@param fn (fun(command: LimeEnvelope, params: table<string, string>, query: table<string, string>): any, string?)?
function Client:handle(path, fn)
  check.arg(fn, "client:handle: the function", "function?")
  local plain = commands.split_uri(check.arg(path, "client:handle: the path", "string"))
  if plain:sub(1, 1) ~= "/" then
    check.fail("argument", ("client:handle: want a path as /orders/{id}, got %q"):format(path))
  end
  local compiled = paths.compile(plain, "client:handle")
  for i, handler in ipairs(self.handlers) do
    if handler.path.pattern == compiled.pattern then
      table.remove(self.handlers, i)
      break
    end
  end
  if fn then
    self.handlers[#self.handlers + 1] = { path = compiled, fn = fn }
  end
end

---Connects, and returns when the session is established. Waits. Raises permission, timeout and io; lime where the server
---refuses (with its `reason`) or does what the protocol forbids; data and limit where it sends something else.
function Client:connect()
  local now = self.link
  if now and now.state ~= "established" and now.owner and coroutine.status(now.owner) == "dead" then
    now:drop "lime: what connected was cut"
  elseif now then
    check.fail("argument", "client:connect: the client is connected already")
  end
  link.open(self)
end

---Connects and, when the connection ends, connects again, after waits that are doubled each time, up to a minute. It may
---stand at the top of the script, and ends with client:close, with a password that the server refuses, or with this
---version of the script.
function Client:run()
  if self.running then
    check.fail("argument", "client:run: the client runs already")
  elseif type(self.options.transport) == "table" then
    check.fail("argument", "client:run: a transport serves one connection; give a function that makes one")
  end
  local run = { alarm = promise.new() }
  self.running = run
  bot.spawn(function() keep(self, run) end)
end

---Finishes the session, ends the connection, and connects no more. Waits for the server, at most finish_timeout. Does
---nothing where there is no connection.
function Client:close()
  local run, now = self.running, self.link
  self.running = nil
  if run then
    run.alarm:resolve()
  end
  if now then
    now:finish()
  end
end

return M
