-- Data between bots, in messages that only bots read.
--
--   local wire = require "wire"
--   wire.on("score", function(from, body) log.info("score", { of = from.contact_id, n = body.n }) end)
--   wire.send(4, "score", { n = 7 })

local check = require "check"

---The module: `local wire = require "wire"`. Experimental. Modules rpc, packet and blob build on it. What it sends are
---messages of a content type of their own in direct chats; they never reach the handlers of messages.
---@class wire
local M = {}

---The content type of the messages. The apps show their text.
M.TYPE = "x-simplex-lua"

-- Bytes of JSON: what the core takes, less what it puts around it.
local max_size = 14000
-- Handlers that may run at the same time; what comes meanwhile is dropped.
local max_running = 256

local handlers, running, dropped = {}, 0, 0

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

---Sends data to the bot that a contact is. What is too large raises an error of type limit. Waits.
---@param contact integer|string|Chat|Message|Peer
---@param kind string
---@param body any what JSON can hold, at most about 14,000 bytes of it
function M.send(contact, kind, body)
  local content = { type = M.TYPE, text = "(data for a bot)", version = 1, kind = check.arg(kind, "wire.send: the kind", "string"), body = body }
  local size = #json.encode(content)
  if size > max_size then
    check.fail("limit", ("%s: %d bytes of JSON are too many for a message, which has room for %d"):format(kind, size, max_size),
      "Send it in parts, or as a file.")
  end
  bot.send(ref_of(contact, "wire.send"), content)
end

local function deliver(contact, content)
  local handler = handlers[content.kind]
  if not handler or content.version ~= 1 then
    return log.debug("data of a kind that nobody handles was dropped", { kind = tostring(content.kind) })
  elseif running >= max_running then
    dropped = dropped + 1
    if dropped == 1 or dropped % 1000 == 0 then
      log.warn("data for this bot was dropped: too much at once", { dropped = dropped })
    end
    return
  end
  running = running + 1
  local from = {
    contact_id = contact.contactId, ref = ("@%d"):format(contact.contactId), name = contact.profile.displayName,
    key = contact.contactId .. "@" .. tostring(contact.createdAt),
  }
  bot.spawn(function()
    local ok, err = pcall(handler, from, content.body)
    running = running - 1
    if not ok then
      error(err, 0)
    end
  end)
end

bot.on_raw(function(event)
  if event.type ~= "newChatItems" then
    return nil
  end
  local others = {}
  for _, item in ipairs(event.chatItems) do
    local content = item.chatItem.content.msgContent
    local contact = item.chatInfo.type == "direct" and item.chatInfo.contact
    if content and content.type == M.TYPE and item.chatItem.content.type == "rcvMsgContent" then
      if contact then -- in groups everybody would hear it
        deliver(contact, content)
      end
    else
      others[#others + 1] = item
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
