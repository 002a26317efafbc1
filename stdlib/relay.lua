-- Copies messages between chats, groups and other networks, with their edits, deletions and reactions.
--
--   local relay = require "relay"
--   relay.new { name = "offices", chats = { "#1", "#2" } }                 -- all to all
--   relay.new { name = "news", links = { { "#3", "@4" } }, audit = "#9" }  -- one way

local check = require "check"
local copies = require "relay.copies"
local limit = require "limit"
local listen = require "relay.listen"
local people = require "people"
local records = require "relay.records"
local store = require "store"

---The module: `local relay = require "relay"`. Each message of a linked chat is sent to the chats that it is linked
---to, as the bot's own message. What became of it is kept in the store, so that edits, deletions and reactions find
---the copies, also after a restart; answers quote the copy of what they answer. Support chats and reports are never copied, nor are registered commands, nor
---what a relay of another bot has sent. What the bot could not send or change in one chat does not keep it from the
---others; it is logged and audited.
---@class relay
local M = {}

---What relay.new makes.
---@class Relay
local Relay = {}
Relay.__index = Relay

---What was done, or could not be done: what `audit` gets.
---@class RelayEntry
---@field event "copy"|"edit"|"delete"|"reaction"
---@field from string the chat, as "#1", or the network
---@field to string
---@field name string who wrote it
---@field text? string
---@field id integer|string of the message in its chat
---@field error? string why it failed

---A message, or what has become of it, for a network that is no chat: what a function among the links gets.
---@class RelayMessage
---@field event "copy"|"edit"|"delete"|"reaction"
---@field from string
---@field name string
---@field text? string with the name in front, as `format` makes it
---@field content? table as on the wire
---@field file? DownloadedFile
---@field quote? any the copy that it answers: what the function returned for that
---@field id? any of the copy: what the function returned for "copy"
---@field emoji? string
---@field added? boolean of a reaction

---@alias RelayEnd string|Chat|fun(message: RelayMessage): any

---From where to where messages are copied; a function stands for a network that is no chat, and `name` names it.
---@class RelayLink
---@field [1] string|Chat
---@field [2] RelayEnd
---@field name? string

---@class RelayOptions
---@field name? string tells its store from those of other relays; keep it the same over reloads (default "relay", then "relay 2" and so on)
---@field chats? (string|Chat)[] each of them is copied to all others
---@field links? RelayLink[]
---@field format? fun(msg: Message): string|table|nil the text or content of the copy; nil leaves the message out (default "name: text")
---@field files? boolean whether files are downloaded and sent on (default true)
---@field max_file? integer bytes that a file may have (default 100 MiB)
---@field edits? boolean whether copies follow edits (default true)
---@field deletions? boolean whether copies follow deletions (default true)
---@field reactions? boolean whether reactions are shown at the copies, and those to copies at the message (default true)
---@field rate? number messages a minute from one chat; more are sent later (default 60)
---@field ttl? number|string how long the copies of a message are remembered (default "30d")
---@field audit? string|Chat|fun(entry: RelayEntry) where to tell what was done

local function name_of(msg)
  return copies.plain_name(msg.sender and msg.sender.name or msg.chat.name or "")
end

local function ref_of(chat, what)
  if type(chat) == "table" then
    chat = chat.ref
  end
  if type(chat) ~= "string" or not chat:match("^[#@%*]%d+$") then
    check.fail("argument", what .. ': want a chat without a scope, as "#1", got ' .. tostring(chat))
  end
  return chat
end

-- The names of the relays, for two would take each other's copies.
local names = {}

local function take_name(name)
  if name and names[name] then
    check.fail("argument", ("relay.new: there is a relay %q already"):format(name))
  end
  local n, free = 1, name or "relay"
  while names[free] do
    n = n + 1
    free = "relay " .. n
  end
  names[free] = true
  return free
end

---Makes a relay. At the top of the script.
---@param options RelayOptions
---@return Relay
function M.new(options)
  local o = check.options(options, "relay.new", {
    name = "string?", chats = "list?", links = "list?", format = "function?", files = "boolean?", max_file = "integer?", edits = "boolean?",
    deletions = "boolean?", reactions = "boolean?", rate = "number?", ttl = "duration?", audit = "string|table|function?",
  })
  local name = take_name(o.name)
  local self = setmetatable({
    name = name, format = o.format, files = o.files ~= false, max_file = o.max_file or 100 * 2 ^ 20,
    ttl = o.ttl or 30 * 86400, audit = o.audit, links = {}, networks = {}, origins = {}, pending = {},
    store = store.open("relay." .. name), pace = limit.new { rate = o.rate or 60, per = "1m" },
  }, Relay)
  for _, from in ipairs(o.chats or {}) do
    for _, to in ipairs(o.chats) do
      if from ~= to then
        self:link(from, to)
      end
    end
  end
  for i, l in ipairs(o.links or {}) do
    local where = ("relay.new.links[%d]"):format(i)
    l = check.options(l, where, { [1] = "string|table", [2] = "string|table|function", name = "string?" })
    self:link(l[1], l[2], l.name)
  end
  listen(self, o)
  return self
end

---Adds a link: from now on messages of one chat are copied to the other. Where a chat is given as a table, nothing is
---copied from or to another one that has its id later.
---@param from string|Chat a chat, or the name of a network whose messages come by relay:send
---@param to RelayEnd
---@param name? string of the network that the function stands for (default "network")
function Relay:link(from, to, name)
  local target = { fn = type(to) == "function" and to or nil }
  target.created_at = type(to) == "table" and to.created_at or nil
  target.to = target.fn and (check.arg(name, "relay: the link's name", "string?") or "network") or ref_of(to, "relay: the link's target")
  if type(from) == "string" and from:match("^%a[%w_.-]*$") then
    self.networks[from] = true
  else
    self.origins[ref_of(from, "relay: the link's source")] = type(from) == "table" and from.created_at or nil
    from = ref_of(from, "relay: the link's source")
  end
  if target.to == from then
    check.fail("argument", "relay: a link from " .. from .. " to itself")
  end
  local list = self.links[from] or {}
  self.links[from] = list
  for _, other in ipairs(list) do
    if other.to == target.to then
      check.fail("argument", ("relay: two links from %s to %s"):format(from, target.to))
    end
  end
  list[#list + 1] = target
end

-- Tells somebody what was done. An audit that fails is only logged.
function Relay:tell(entry)
  if entry.error then
    log.warn("relay: " .. entry.event .. " failed", { relay = self.name, from = entry.from, to = entry.to, err = entry.error })
  end
  if not self.audit then
    return
  end
  local ok, err = pcall(function()
    if type(self.audit) == "function" then
      return self.audit(entry)
    end
    local line = ("%s %s -> %s, %s"):format(entry.event, entry.from, entry.to, entry.name)
    if entry.text then
      line = line .. ": " .. entry.text:sub(1, 200):gsub("[\192-\255][\128-\191]*$", "")
    end
    bot.send(self.audit, line .. (entry.error and " (failed: " .. entry.error:sub(1, 200) .. ")" or "") .. copies.marker)
  end)
  if not ok then
    log.warn("relay: the audit failed", { relay = self.name, err = tostring(err) })
  end
end

-- Does something for one target; its error is told and goes no further. Returns what fn returned, or nil.
function Relay:try(event, src, to, fn)
  local ok, result = pcall(fn)
  self:tell {
    event = event, from = src.from, to = to, name = src.name, text = src.text, id = src.id, error = not ok and tostring(result) or nil,
  }
  if ok then
    return result
  end
end

-- Makes what is to be copied of a message: nil where it is to be left out.
function Relay:source(msg)
  local src = { from = msg.chat.ref, key = people.chat(msg), id = msg.item_id, name = name_of(msg), quote = msg.quoted and msg.quoted.itemId }
  if self.format then
    src.content, src.text = copies.read_format(self.format(msg), msg.content)
  else
    src.content, src.text = copies.read_format(src.name .. ": " .. msg.text, msg.content)
  end
  return src.content and src
end

-- Fetches the file of a message; where that fails the copy names it.
function Relay:fetch(msg, src)
  local problem
  if not self.files then
    problem = "not copied"
  elseif msg.file.fileSize > self.max_file then
    problem = "too large"
  else
    local ok, file = pcall(function() return msg:download() end)
    if ok then
      src.file = file
      return
    end
    problem = "not received"
    self:tell { event = "copy", from = src.from, to = "file", name = src.name, id = src.id, error = tostring(file) }
  end
  src.text = ("%s [%s: %s]"):format(src.text, copies.plain_name(msg.file.fileName), problem)
  src.content = copies.marked({ type = "text" }, src.text)
end

-- Copies to each target that does not have it yet.
function Relay:copy(src)
  local allowed, wait = self.pace:allow(src.key)
  while not allowed do
    sleep(wait)
    allowed, wait = self.pace:allow(src.key)
  end
  local record = self.store:get(records.key(src.key, src.id)) or { from = src.from, name = src.name, copies = {} }
  local quotes = src.quote and records.places(self, src.from, src.key, src.quote) or {}
  local has = {}
  for _, copy in ipairs(record.copies) do
    has[copy.to] = true
  end
  for _, target in ipairs(self.links[src.from] or {}) do
    if not has[target.to] then
      local ids = self:try("copy", src, target.to, function() return copies.send(src, target, quotes[target.to]) end)
      if ids then
        table.insert(record.copies, { to = target.to, ids = ids })
        records.keep(self, src, record)
      end
    end
  end
end

-- Copies a message with its file. While that comes, the message may be edited or deleted.
function Relay:receive(msg, src)
  local key, news = records.key(src.key, src.id), {}
  self.pending[key] = news
  local ok, err = pcall(function()
    if msg.file then
      self:fetch(msg, src)
    end
    if not news.deleted then
      self:copy(src)
    end
  end)
  self.pending[key] = nil
  if news.deleted then
    self:deleted(src.key, src.id)
  elseif news.edit then
    self:edited(news.edit)
  end
  if not ok then
    error(err, 0)
  end
end

function Relay:target(from, to)
  for _, target in ipairs(self.links[from] or {}) do
    if target.to == to then
      return target
    end
  end
end

function Relay:edited(src)
  local news = self.pending[records.key(src.key, src.id)]
  if news then
    news.edit = src
    return
  end
  local record = self.store:get(records.key(src.key, src.id))
  if not record then
    return
  end
  for _, copy in ipairs(record.copies) do
    local target = self:target(record.from, copy.to)
    if target then
      copy.ids = self:try("edit", src, copy.to, function() return copies.update(src, copy, target) end) or copy.ids
    end
  end
  records.keep(self, src, record)
end

function Relay:deleted(key, id)
  local news = self.pending[records.key(key, id)]
  if news then
    news.deleted = true
    return
  end
  local record = self.store:get(records.key(key, id))
  if not record then
    return
  end
  self.store:delete(records.key(key, id))
  local src = { from = record.from, name = record.name, id = id }
  for _, copy in ipairs(record.copies) do
    for _, one in ipairs(copies.is_chat(copy.to) and copy.ids or {}) do
      self.store:delete(records.copy_key(copy.to, one))
    end
    local target = self:target(record.from, copy.to)
    self:try("delete", src, copy.to, function() copies.delete(src, copy, target) end)
  end
end

-- Shows a reaction at all copies of a message, and at the message itself where it was one to a copy.
function Relay:reacted(msg, added, emoji)
  local ref = msg.chat.ref
  local places, record = records.places(self, ref, people.chat(msg), msg.item_id)
  for to, id in pairs(places or {}) do
    local target = self:target(record.from, to)
    if to ~= ref and (target or to == record.from and copies.is_chat(to)) then
      self:try("reaction", { from = ref, name = record.name, id = msg.item_id, text = emoji }, to, function()
        if target and target.fn then
          target.fn { event = "reaction", from = ref, name = record.name, id = id, emoji = emoji, added = added }
        else
          copies.react(to, id, added, emoji)
        end
      end)
    end
  end
end

---@class RelayIncoming
---@field id string|integer names the message on its network
---@field name string who wrote it
---@field text string

local incoming = { id = "string|integer", name = "string", text = "string" }

-- Makes what is to be copied of a message from a network that is no chat.
function Relay:from_network(from, message, what)
  if not self.networks[check.arg(from, what .. ": the network", "string")] then
    check.fail("argument", ("%s: no link begins at %q"):format(what, from))
  end
  local m = check.options(message, what, incoming)
  local src = { from = from, key = "network-" .. from, id = m.id, name = copies.plain_name(m.name) }
  src.text = src.name .. ": " .. m.text
  src.content = copies.marked({ type = "text" }, src.text)
  return src
end

---Copies a message that came from a network that is no chat, by the links that begin at its name. Waits.
---
---```lua
---local bridge = relay.new { links = { { "irc", "#1" }, { "#1", to_irc, name = "irc" } } }
---bridge:send("irc", { id = line.id, name = line.nick, text = line.text })
---```
---@param from string the network's name
---@param message RelayIncoming
function Relay:send(from, message)
  self:copy(self:from_network(from, message, "relay:send"))
end

---Changes the copies of a message that relay:send has copied. Waits.
---@param from string the network's name
---@param message RelayIncoming
function Relay:edit(from, message)
  self:edited(self:from_network(from, message, "relay:edit"))
end

---Deletes the copies of a message that relay:send has copied. Waits.
---@param from string the network's name
---@param id string|integer
function Relay:delete(from, id)
  self:deleted("network-" .. check.arg(from, "relay:delete: the network", "string"), check.arg(id, "relay:delete: the id", "string|integer"))
end

return M
