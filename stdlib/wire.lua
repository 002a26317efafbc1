-- Data between bots, in messages that only bots read.
--
--   local wire = require "wire"
--   wire.on("score", function(from, body) log.info("score", { of = from.contact_id, n = body.n }) end)
--   wire.send(4, "score", { n = 7 })

local check = require "check"
local map = require "map"

---The module: `local wire = require "wire"`. Experimental. Modules rpc, packet and blob build on it. What it sends are
---messages of a content type of their own in direct chats; they never reach the handlers of messages.
---@class wire
local M = {}

---The content type of the messages. The apps show their text.
---@type string
M.TYPE = "x-simplex-lua"

-- Bytes of JSON: what the core takes, less what it puts around it.
local max_size = 14000
-- Handlers that may run at the same time, for one peer and for all; what comes meanwhile is dropped. A peer that waits
-- for answers has more than it waits for: the next query may come before the handler of the last one has ended.
local max_of_one, max_of_all = 128, 512
-- Handlers that were cut at a limit, within the ttl of cuts, set what the peer sends aside for as long.
local max_cuts, aside = 3, "10m"

local handlers, dropped = {}, 0
-- Threads of handlers, by the key of their peer; how many there are; how many were cut, by key.
local busy, running, cuts = {}, 0, map.new { capacity = 1000, ttl = aside }

---Who sent something.
---@class Peer
---@field contact_id integer
---@field ref string the chat, for bot.send
---@field name string the name in the profile; names can be copied, so never decide rights by them
---@field key string tells the contact from others that had its id before

---Calls fn with everything of a kind that comes; nil ends that. Each call is a task of its own.
---@param kind string
---@param fn (fun(from: Peer, body: any))?
function M.on(kind, fn)
  check.arg(kind, "wire.on: the kind", "string")
  handlers[kind] = check.arg(fn, "wire.on: the function", "function?")
end

-- The chat reference of a contact given by its id, its reference, a chat or a message.
local function ref_of(contact, what)
  if type(contact) == "number" then
    return ("@%d"):format(contact)
  elseif type(contact) == "string" then
    return contact:match("^@%d+$") or check.fail("argument", ("%s: want a contact, got the chat %s"):format(what, contact))
  elseif contact ~= nil and contact.contact_id then
    return ("@%d"):format(contact.contact_id)
  elseif contact ~= nil and contact.ref then
    return ref_of(contact.ref, what)
  end
  return check.fail("argument", what .. ": want a contact: its id, \"@4\", a chat or a message")
end

---Returns the chat reference of a contact.
---@param contact integer|string|Chat|Message|Peer
---@param what? string names the argument in the error
---@return string
function M.ref(contact, what)
  return ref_of(contact, what or "wire")
end

---Makes the content of a message with data, which wire.send sends. What is too large raises an error of type limit.
---@param kind string
---@param body any what JSON can hold, at most about 14,000 bytes of it
---@return table content
function M.content(kind, body)
  local content = { type = M.TYPE, text = "(data for a bot)", version = 1, kind = check.arg(kind, "wire.send: the kind", "string"), body = body }
  local size = #json.encode(content)
  if size > max_size then
    check.fail("limit", ("%s: %d bytes of JSON are too many for a message, which has room for %d"):format(kind, size, max_size),
      "Send it in parts, or as a file.")
  end
  return content
end

---Sends data to the bot that a contact is. What is too large raises an error of type limit. Waits.
---@param contact integer|string|Chat|Message|Peer
---@param kind string
---@param body any what JSON can hold, at most about 14,000 bytes of it
function M.send(contact, kind, body)
  bot.send(ref_of(contact, "wire.send"), M.content(kind, body))
end

-- Keeps the threads that a function wants kept.
local function keep(key, wanted)
  local left = {}
  for _, thread in ipairs(busy[key] or {}) do
    if wanted(thread) then
      left[#left + 1] = thread
    else
      running = running - 1
    end
  end
  busy[key] = #left > 0 and left or nil
end

-- Forgets the handlers of a peer that were cut: nothing of them runs any more, so they are found dead.
local function sweep(key)
  keep(key, function(thread)
    if coroutine.status(thread) ~= "dead" then
      return true
    end
    cuts:set(key, (cuts:get(key) or 0) + 1)
    if cuts:get(key) == max_cuts then
      log.warn("what a bot sends is set aside: its handlers were cut", { contact_id = key:match "^%d+", cuts = max_cuts, time = aside })
    end
    return false
  end)
end

-- Tells whether there is room for another handler of a peer.
local function has_room(key)
  sweep(key)
  if running >= max_of_all then
    for other in pairs(busy) do -- the entry of a key may go while it is visited
      sweep(other)
    end
  end
  return running < max_of_all and #(busy[key] or {}) < max_of_one and (cuts:get(key) or 0) < max_cuts
end

local function deliver(contact, content)
  local handler = handlers[content.kind]
  local key = contact.contactId .. "@" .. tostring(contact.createdAt)
  if not handler or content.version ~= 1 then
    return log.debug("data of a kind that nobody handles was dropped", { kind = tostring(content.kind) })
  elseif not has_room(key) then
    dropped = dropped + 1
    if dropped == 1 or dropped % 1000 == 0 then
      log.warn("data for this bot was dropped: too much at once", { dropped = dropped })
    end
    return
  end
  local from = { contact_id = contact.contactId, ref = ("@%d"):format(contact.contactId), name = contact.profile.displayName, key = key }
  local thread = coroutine.create(handler)
  bot.spawn(function()
    local ok, err = coroutine.resume(thread, from, content.body)
    keep(key, function(other) return other ~= thread end)
    if not ok then
      error(err, 0)
    end
  end)
  busy[key] = busy[key] or {}
  table.insert(busy[key], thread)
  running = running + 1
end

-- Tells whether an item is data that somebody sent. A live message of it, which is still being written, and what is
-- edited are no data for anybody, but no messages either.
local function is_data(item)
  local content = item.chatItem.content.msgContent
  return content ~= nil and content.type == M.TYPE and item.chatItem.content.type == "rcvMsgContent"
end

bot.on_raw(function(event)
  if event.type == "chatItemUpdated" and is_data(event.chatItem) then
    return false
  elseif event.type ~= "newChatItems" then
    return nil
  end
  local others = {}
  for _, item in ipairs(event.chatItems) do
    if not is_data(item) then
      others[#others + 1] = item
    elseif item.chatInfo.type == "direct" and not item.chatItem.meta.itemLive then -- in groups everybody would hear it
      deliver(item.chatInfo.contact, item.chatItem.content.msgContent)
    end
  end
  if #others == #event.chatItems then
    return nil
  elseif #others == 0 then
    return false
  end
  event.chatItems = others
  return event
end)

return M
