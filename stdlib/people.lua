-- Keys for people and chats that stay right when the core reuses an id: what a
-- bot remembers about somebody is stored under them, never under a name.
--
--   local people = require "people"
--   seen:set(people.key(msg), true)

local check = require "check"

---The module: `local people = require "people"`. The core gives the ids of deleted contacts and groups to new
---ones; an id together with the time of its creation is never the same twice.
---@class people
local M = {}

-- A time of creation has no character that could end a key early.
local function key(kind, id, created_at)
  return kind .. id .. "@" .. (created_at or "")
end

---Returns a key for who wrote a message: a contact, or a member of a group. A post of a channel is by its chat.
---@param msg Message
---@return string
function M.key(msg)
  local sender = msg.sender
  if not sender then
    return M.chat(msg)
  elseif sender.member_id then
    return key("member-", sender.member_id, sender.created_at)
  end
  return key("contact-", sender.contact_id, sender.created_at)
end

---Returns a key for the chat of a message, the same for all who write there.
---@param msg Message
---@return string
function M.chat(msg)
  local chat = msg.chat
  return key(chat.type .. "-", chat.id, chat.created_at)
end

---Returns the key that "person", "chat" or a function of the message names.
---@param by "person"|"chat"|fun(msg: Message): string
---@param msg Message
---@return string
function M.by(by, msg)
  if by == "person" then
    return M.key(msg)
  elseif by == "chat" then
    return M.chat(msg)
  end
  return check.arg(by(msg), "the key that by returned", "string")
end

return M
