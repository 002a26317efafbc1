-- What a client does with the envelopes of its server.
--
--   frame ─▶ envelope ─▶ answer: whoever asked · ping: answered · anything else: the inbox, for waiters and handlers

local commands = require "lime.commands"
local envelope = require "lime.envelope"
local session = require "lime.session"

local M = {}

-- The type of the document that answers a ping.
local ping_type = "application/vnd.lime.ping+json"

-- Hands an event to the oldest that waits for it, or with all to everybody. Tells whether somebody has taken it.
local function hand_to_waiters(client, event, e, all)
  local waiters, left, taken = client.waiters, {}, false
  client.waiters = {}
  for _, waiter in ipairs(waiters) do
    if not waiter.promise:resolved() then
      local ok, matches = false, false
      if waiter.event == event and (all or not taken) then
        ok, matches = pcall(waiter.matches, e)
      end
      if ok and matches then
        waiter.promise:resolve(e)
        taken = true
      else
        left[#left + 1] = waiter
      end
    end
  end
  for _, waiter in ipairs(client.waiters) do -- those that the tests added
    left[#left + 1] = waiter
  end
  client.waiters = left
  return taken and not all
end

-- Calls the handlers of an event. Tells whether there were any, and whether all ended without an error.
local function call_listeners(client, event, e)
  local any, fine = false, true
  for _, listener in ipairs({ unpack(client.listeners[event] or {}) }) do
    local ok, result = pcall(listener.matches, e)
    if ok and result then
      any = true
      ok, result = pcall(listener.fn, e)
    end
    if not ok then
      fine = false
      bot.spawn(function() error(result, 0) end)
    end
  end
  return any, fine
end

-- Tells everybody what became of the connection.
function M.tell(client, event, e)
  hand_to_waiters(client, event, e, true)
  if client.listeners[event] then
    client.inbox:push(function() call_listeners(client, event, e) end)
  end
end

-- Passes over an envelope. Every thousandth is logged, so that a flood fills no log.
local function skip(client, why)
  client.skipped = client.skipped + 1
  if client.skipped % 1000 == 1 then
    log.warn("lime: an envelope was passed over", { reason = why, so_far = client.skipped })
  end
end

-- Sends what others need not wait for; a connection that is over is told of elsewhere.
local function send_aside(link, e)
  local ok, err = pcall(link.send, link, e)
  if not ok and not link.closed then
    error(err, 0)
  end
end

local function notify(client, link, message, event, reason)
  if client.options.notifications and message.id then
    send_aside(link, { id = message.id, to = message.pp or message.from, event = event, reason = reason })
  end
end

local receive = {}

function receive.message(client, link, e)
  client.inbox:push(function()
    notify(client, link, e, "received")
    local any, fine = hand_to_waiters(client, "message", e), true
    if not any then
      any, fine = call_listeners(client, "message", e)
    end
    if not fine then
      notify(client, link, e, "failed", { code = session.reasons.general_error, description = "the message could not be handled" })
    elseif any then
      notify(client, link, e, "consumed")
    end
  end)
end

function receive.notification(client, _, e)
  if not envelope.events[e.event] then
    return skip(client, "a notification of an unknown event")
  end
  local watch = client.watched:get(e.id)
  if watch and (e.event == watch.event or e.event == "failed") then
    watch.promise:resolve { answer = e }
  end
  client.inbox:push(function()
    if not hand_to_waiters(client, "notification", e) then
      call_listeners(client, "notification", e)
    end
  end)
end

-- Tells whether an answer comes from where the command went.
local function is_from(client, e, command)
  local from, asked = e.from and envelope.split_node(e.from), command.to and envelope.split_node(command.to)
  if not asked or not from then
    return true -- of the server, which has the say anyway
  end
  local domain = asked.name == nil and asked.domain or nil
  return from.identity:lower() == asked.identity:lower() or domain ~= nil and from.name ~= nil and from.name:lower() == domain:lower()
end

local function receive_answer(client, link, e)
  local query = e.id and client.pending:get(e.id)
  if query and is_from(client, e, query.command) then
    query.promise:resolve { answer = e }
  elseif e.id == nil or e.id ~= link.ping_id then
    skip(client, "an answer that nobody asked for")
  end
end

function receive.command(client, link, e)
  if e.status then
    return receive_answer(client, link, e)
  end
  local path = commands.split_uri(e.uri)
  if e.method == "get" and path == "/ping" and not commands.find(client.handlers, path) then
    return send_aside(link, commands.answer(e, { status = "success", type = ping_type, resource = {} }))
  end
  client.inbox:push(function()
    hand_to_waiters(client, "command", e, true)
    call_listeners(client, "command", e)
    local answer, cause = commands.run(client.handlers, e)
    if e.method ~= "observe" then
      send_aside(link, commands.answer(e, answer))
    end
    if cause then
      error(cause, 0)
    end
  end)
end

function receive.session(_, link, e)
  if e.id ~= nil and e.id ~= link.id then
    envelope.refuse(session.reasons.session_error, nil, "lime: the server changed the id of the session")
  elseif e.state == "finished" or e.state == "failed" then
    session.raise_end(e)
  end
  envelope.refuse(session.reasons.session_error, nil, ("lime: the server went from the state established to %s"):format(e.state))
end

-- Handles a frame. An error ends the connection: what is no JSON object, a session that changes.
function M.frame(client, link, frame)
  local ok, e, kind = pcall(envelope.parse, frame)
  if ok then
    receive[kind](client, link, e)
  elseif type(e) == "table" and e.object then
    skip(client, e.message)
  else
    error(e, 0)
  end
end

-- Ends what waits for answers.
function M.forget(client, err)
  for _, waiting in ipairs { client.pending, client.watched } do
    for _, query in waiting:pairs() do
      query.promise:resolve { lost = err }
    end
    waiting:clear()
  end
end

return M
