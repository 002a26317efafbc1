-- Who may do what: roles for people, kept by id, never by name.
--
--   local acl = require "acl"
--   local staff = acl.new { roles = { "helper", "admin" } }
--   bot.on_command("close", staff:only("admin", function(msg) msg:reply("Closed.") end))
--   staff:commands()   -- /whoami, /pair CODE, /invite ROLE, /resign

local check = require "check"
local crypto = require "crypto"
local fs = require "fs"
local pages = require "store.pages"
local people = require "people"
local store = require "store"

---The module: `local acl = require "acl"`. A person has at most one role; each role may do what those before it in
---the list may. Roles are kept in the store by the person's id and the time it was made, so neither a copied name
---nor a reused id inherits them.
---@class acl
local M = {}

---What acl.new makes.
---@class Acl
local Acl = {}
Acl.__index = Acl

-- Guesses at a code, by one person, before the next ones are not looked at for an hour.
local max_guesses = 5

---@class AclOptions
---@field name? string tells its store from those of other lists (default "acl")
---@field roles? string[] from the least to the most (default { "user", "admin" })

---Makes a list of roles.
---@param options? AclOptions
---@return Acl
function M.new(options)
  local o = check.options(options, "acl.new", { name = "string?", roles = "list?" })
  local roles = o.roles or { "user", "admin" }
  local rank = {}
  for i, role in ipairs(roles) do
    rank[check.arg(role, "acl.new.roles", "string")] = i
  end
  if #roles == 0 then
    check.fail("argument", "acl.new.roles: want one or more")
  end
  return setmetatable({ roles = roles, rank = rank, store = store.open("acl." .. (o.name or "acl")) }, Acl)
end

local function known(self, role, what)
  if not self.rank[role] then
    check.fail("argument", ("%s: no role %q; there are %s"):format(what, tostring(role), table.concat(self.roles, ", ")))
  end
  return role
end

---Returns the role of who wrote a message; nil where there is none. Waits.
---@param msg Message
---@return string?
function Acl:role(msg)
  return self.store:get("role " .. people.key(msg))
end

---Tells whether who wrote a message has this role or a higher one. Waits.
---@param msg Message
---@param role string
---@return boolean
function Acl:allows(msg, role)
  known(self, role, "allows")
  return (self.rank[self:role(msg)] or 0) >= self.rank[role]
end

---Gives who wrote a message a role; nil takes it away. Waits.
---@param msg Message
---@param role string?
function Acl:set(msg, role)
  if role == nil then
    self.store:delete("role " .. people.key(msg))
  else
    self.store:set("role " .. people.key(msg), known(self, role, "set"))
  end
end

---Makes a code that gives a role to the first who sends /pair CODE. It is valid once, for a time. Waits.
---@param role string
---@param valid? number|string seconds or "1h" (default 1 hour)
---@return string code
function Acl:invite(role, valid)
  valid = check.arg(valid, "invite: the time", "duration?") or 3600
  local code = crypto.random(10, "hex")
  self.store:set("code " .. crypto.hash("sha256", code), known(self, role, "invite"), { ttl = valid })
  return code
end

---Uses a code for who wrote a message, and returns the role it gave; nil where it is wrong, used or too old, or
---after five wrong ones within an hour. Waits.
---@param msg Message
---@param code string
---@return string?
function Acl:pair(msg, code)
  local guesses = "guesses " .. people.key(msg)
  if (self.store:get(guesses) or 0) >= max_guesses then
    return nil
  end
  local role
  self.store:update("code " .. crypto.hash("sha256", check.arg(code, "pair: the code", "string")), function(found)
    role = found
    return nil
  end)
  if not role or not self.rank[role] then
    self.store:set(guesses, (self.store:get(guesses) or 0) + 1, { ttl = 3600 })
    return nil
  end
  self.store:delete(guesses)
  self:set(msg, role)
  return role
end

---Wraps a handler so that only those with the role, or a higher one, reach it.
---@param role string
---@param handler fun(msg: Message, ...): any
---@param refused? string|fun(msg: Message) what others are told (default "You may not do that.")
---@return fun(msg: Message, ...): any
function Acl:only(role, handler, refused)
  known(self, role, "only")
  check.arg(handler, "only: the handler", "function")
  refused = check.arg(refused, "only: the answer", "string|function?") or "You may not do that."
  return function(msg, ...)
    if self:allows(msg, role) then
      return handler(msg, ...)
    elseif type(refused) == "function" then
      return refused(msg)
    end
    msg:reply(refused)
  end
end

-- Tells whether somebody has the highest role.
local function owned(self)
  for _, role in pages(self.store, "role ") do
    if role == self.roles[#self.roles] then
      return true
    end
  end
  return false
end

---Registers the commands /whoami, /pair CODE, /resign and, for the highest role, /invite ROLE. While nobody has the
---highest role, the bot writes a code for it at each start, into the file pair-code.txt of its files folder.
function Acl:commands()
  local highest = self.roles[#self.roles]
  bot.on_start(function()
    if not owned(self) then
      fs.write("pair-code.txt", self:invite(highest, "1d") .. "\n")
      log.warn("nobody has the role " .. highest .. " yet: send the bot /pair and the code in files/pair-code.txt")
    end
  end)
  bot.on_command("whoami", function(msg)
    msg:reply(("You are %s here; your role is %s."):format(people.key(msg), self:role(msg) or "none"))
  end)
  bot.on_command("pair", function(msg, cmd)
    local role = self:pair(msg, cmd.args)
    if role == highest then
      fs.remove("pair-code.txt")
    end
    msg:reply(role and ("You have the role %s now."):format(role) or "This code is wrong or no longer valid.")
  end)
  bot.on_command("invite", self:only(highest, function(msg, cmd)
    if not self.rank[cmd.args] then
      return msg:reply("Which role: " .. table.concat(self.roles, ", ") .. "?")
    end
    msg:reply(("The first who sends /pair %s within an hour has the role %s."):format(self:invite(cmd.args), cmd.args))
  end))
  bot.on_command("resign", function(msg)
    self:set(msg, nil)
    msg:reply("You have no role any more.")
  end)
end

return M
