-- How the copies of the module relay are written, sent, changed and marked.

local check = require "check"

local M = {}

-- Three invisible characters at the end of each copy: whoever finds them relays no further.
M.marker = "\226\129\163\226\129\162\226\129\163"
local shield = "\226\128\139"

local longest_name = 60
local longest_content = 15000 -- bytes of JSON that are one message
local longest_part = 7000 -- bytes of a text, which escapes may double
local kept_types = { text = true, link = true, image = true, video = true, voice = true, file = true }
local with_file = { image = true, video = true, voice = true, file = true }

-- Returns a name that can neither be read as a mark, mention or command, nor break the line.
function M.plain_name(name)
  name = name:gsub("[%c]", " "):gsub("\226\128[\138-\143\168-\175]", ""):gsub("\226\129[\160-\175]", "")
  name = name:match("^%s*(.-)%s*$")
  if #name > longest_name then
    name = name:sub(1, longest_name):gsub("[\192-\255][\128-\191]*$", "") .. "…"
  end
  name = name:gsub("^([*_~`#!@/%[])", shield .. "%1"):gsub(" ([*_~`#!@/%[])", " " .. shield .. "%1")
  return name == "" and "somebody" or name
end

-- Tells whether a content needs no more than one message.
local function is_one_message(content)
  return #json.encode(content) < longest_content
end

-- Tells whether the end of a link is a chat.
function M.is_chat(to)
  return to:match("^[#@%*]") ~= nil
end

local function split_ref(ref)
  local kinds = { ["@"] = "direct", ["#"] = "group", ["*"] = "local" }
  return kinds[ref:sub(1, 1)], tonumber(ref:sub(2))
end

-- Raises an error where the id of a target has been given to another chat.
local function must_be_same(target)
  if target.created_at then
    local kind, id = split_ref(target.to)
    local info = bot.api.get_chat(kind, id, 1).chatInfo
    if (info.contact or info.groupInfo or info.noteFolder).createdAt ~= target.created_at then
      check.fail("argument", "relay: " .. target.to .. " is another chat now")
    end
  end
end

-- Makes the content of a copy, marked.
function M.marked(content, text)
  local copy = {}
  for k, v in pairs(content) do
    copy[k] = v
  end
  copy.text = text .. M.marker
  return copy
end

-- Reads what format returned: a content and its text.
function M.read_format(value, content)
  if value == nil then
    return nil
  elseif type(value) == "table" then
    local text = check.arg(value.text, "relay: the text of the content that format returned", "string")
    return M.marked(value, text), text
  end
  value = check.arg(value, "relay: what format returned", "string")
  if not kept_types[content.type] then
    content = { type = "text" }
  end
  return M.marked(content, value), value
end

-- Cuts a long text at spaces, or else between characters, so that each part can be marked.
local function parts_of(text)
  local parts = {}
  while #text > longest_part do
    local part = text:sub(1, longest_part)
    part = part:match("^(.*%s)%S*$") or part:gsub("[\192-\255][\128-\191]*$", "")
    parts[#parts + 1] = part
    text = text:sub(#part + 1)
  end
  parts[#parts + 1] = text
  return parts
end

-- Sends a text and returns the ids of its messages.
local function send_text(to, text)
  local ids = {}
  for _, part in ipairs(parts_of(text:sub(1, -#M.marker - 1))) do
    for _, sent in ipairs(bot.send(to, part .. M.marker).parts) do
      ids[#ids + 1] = sent.item_id
    end
  end
  return ids
end

-- Sends a copy and returns its ids. quote is the item there that it answers.
function M.send(src, target, quote)
  if target.fn then
    return { target.fn { event = "copy", from = src.from, name = src.name, text = src.text, content = src.content, file = src.file, quote = quote } }
  end
  must_be_same(target)
  local content = src.content
  if with_file[content.type] and not src.file then
    content = { type = "text", text = content.text }
  end
  if src.file or quote and is_one_message(content) then
    local source = src.file and { filePath = src.file.path, cryptoArgs = src.file.crypto } or nil
    local ok, items = pcall(bot.api.send_messages, target.to, { { fileSource = source, msgContent = content, quotedItemId = quote } })
    if ok then
      return { items[1].chatItem.meta.itemId }
    elseif not quote then
      error(items, 0)
    end
    return M.send(src, target) -- what it answers is not there any more, or leaves it no room
  end
  if is_one_message(content) or content.type ~= "text" then
    return { bot.send(target.to, content).item_id }
  end
  return send_text(target.to, content.text)
end

-- Changes one copy and returns its ids. One of several messages is sent anew.
function M.update(src, copy, target)
  if target.fn then
    target.fn { event = "edit", from = src.from, name = src.name, text = src.text, content = src.content, id = copy.ids[1] }
    return copy.ids
  end
  local kind, id = split_ref(copy.to)
  if #copy.ids == 1 and is_one_message(src.content) then
    bot.api.update_chat_item(kind, id, copy.ids[1], src.content)
    return copy.ids
  end
  bot.api.delete_chat_items(kind, id, copy.ids, "broadcast")
  return M.send({ content = { type = "text", text = src.content.text } }, target)
end

-- Deletes a copy for everyone.
function M.delete(src, copy, target)
  if target and target.fn then
    target.fn { event = "delete", from = src.from, name = src.name, id = copy.ids[1] }
  elseif M.is_chat(copy.to) then
    local kind, id = split_ref(copy.to)
    bot.api.delete_chat_items(kind, id, copy.ids, "broadcast")
  end
end

-- Shows a reaction at a message of a chat. That it is there already, or that there are too many, is no failure.
function M.react(ref, id, added, emoji)
  local kind, chat_id = split_ref(ref)
  local ok, err = pcall(bot.api.chat_item_reaction, kind, chat_id, id, added, { type = "emoji", emoji = emoji })
  if not ok then
    log.debug("relay: a reaction was not taken", { to = ref, err = tostring(err) })
  end
end

return M
