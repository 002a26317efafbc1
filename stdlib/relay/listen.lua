-- What the module relay hears of the chats that it links.
--
--   messages ─▶ receive      edits ─▶ edited      deletions ─▶ deleted      reactions ─▶ reacted

local copies = require "relay.copies"
local people = require "people"

-- Tells whether a message may be copied at all.
local function takes(self, msg)
  local ref = msg.chat.ref
  return not msg.scope and self.links[ref] ~= nil and msg.content_type ~= "report"
    and not msg.text:find(copies.marker, 1, true)
    and (not self.origins[ref] or self.origins[ref] == msg.chat.created_at)
end

-- Counts who else has reacted so.
local function others(item, emoji)
  for _, r in ipairs(item.reactions or {}) do
    if r.reaction.emoji == emoji then
      return r.totalReacted - (r.userReacted and 1 or 0)
    end
  end
  return 0
end

-- Registers the handlers of a relay. o are its options.
return function(self, o)
  bot.on_message({ scope = "main", when = function(msg) return takes(self, msg) end }, function(msg)
    local src = self:source(msg)
    if src then
      self:receive(msg, src)
    end
  end)
  if o.edits ~= false then
    bot.on_edit(function(msg)
      local src = takes(self, msg) and self:source(msg)
      if src then
        self:edited(src)
      end
    end)
  end
  if o.deletions ~= false then
    bot.on_event("chatItemsDeleted", function(event)
      for _, deletion in ipairs(event.chatItemDeletions) do
        local msg = bot.message(deletion.deletedChatItem)
        self:deleted(people.chat(msg), msg.item_id)
      end
    end)
    bot.on_event("groupChatItemsDeleted", function(event)
      local group = event.groupInfo
      for _, id in ipairs(event.chatItemIDs) do
        self:deleted(people.chat { chat = { type = "group", id = group.groupId, created_at = group.createdAt } }, id)
      end
    end)
  end
  if o.reactions ~= false then
    bot.on_event("chatItemReaction", function(event)
      local r = event.reaction
      local reaction, item = r.chatReaction.reaction, r.chatReaction.chatItem
      local msg = bot.message { chatInfo = r.chatInfo, chatItem = item }
      -- The bot stands for all who react: it comes with the first and goes with the last.
      local by_other = r.chatReaction.chatDir and r.chatReaction.chatDir.type:match("Rcv$")
      if by_other and not msg.scope and reaction.type == "emoji" and others(item, reaction.emoji) == (event.added and 1 or 0) then
        self:reacted(msg, event.added, reaction.emoji)
      end
    end)
  end
end
