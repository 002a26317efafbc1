-- Where the copies of messages are, as the module relay keeps it in its store.
--
--   "m KEY ID" ─▶ from, name, copies: to, ids      "c CHAT ID" of a copy ─▶ the key and id of its message

local copies = require "relay.copies"

local M = {}

-- The key of what became of a message.
function M.key(key, id)
  return "m " .. key .. " " .. id
end

-- The key of the item that a copy is of.
function M.copy_key(ref, id)
  return "c " .. ref .. " " .. id
end

-- Returns where a message is in each chat, by the chat: as the message itself or as its copy. Nil where it was not
-- copied.
function M.places(self, ref, key, id)
  local origin = self.store:get(M.copy_key(ref, id)) or { key = key, id = id }
  local record = self.store:get(M.key(origin.key, origin.id))
  if not record then
    return nil
  end
  local at = { [record.from] = origin.id }
  for _, copy in ipairs(record.copies) do
    at[copy.to] = copy.ids[1]
  end
  return at, record
end

-- Writes down where the copies of a message are.
function M.keep(self, src, record)
  self.store:set(M.key(src.key, src.id), record, { ttl = self.ttl })
  for _, copy in ipairs(record.copies) do
    for _, id in ipairs(copies.is_chat(copy.to) and copy.ids or {}) do
      self.store:set(M.copy_key(copy.to, id), { key = src.key, id = src.id }, { ttl = self.ttl })
    end
  end
end

return M
