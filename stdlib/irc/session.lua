-- What a client does by itself with the lines of its server: registration with SASL, another nick where its own is
-- taken, answers to PING and CTCP, and what it notes: its nick, its mask, what the server supports.

local crypto = require "crypto"
local irc_line = require "irc.line"

local M = {}

-- Nicks that are tried, and settings of the server that are kept.
local max_nicks, max_settings = 10, 200

-- Commands that may be sent before the server has welcomed the client.
M.early = { CAP = true, AUTHENTICATE = true, PASS = true, NICK = true, USER = true, SERVICE = true, PING = true, PONG = true, QUIT = true }

-- Returns another nick: the second is the first with a _, the others fit in nine characters.
function M.alternative(nick, attempt)
  if attempt == 1 then
    return nick .. "_"
  end
  local suffix = tostring(attempt)
  return nick:sub(1, 9 - #suffix) .. suffix
end

-- Writes what a server wants first.
function M.begin(link)
  local client = link.client
  local o = client.options
  local function send(command, params)
    link:put(client.serializer:serialize(command, params))
  end
  link.attempt = 0
  client.nick, client.mask, client.isupport = o.nick, nil, {}
  if o.sasl then
    link:put("CAP LS 302")
  end
  if o.password then
    send("pass", { password = o.password })
  end
  send("nick", { nick = o.nick })
  send("user", { user = o.user, realname = o.realname })
end

local on = {}

function on.PING(link, m)
  link:put("PONG :" .. (m.params[#m.params] or ""))
end

function on.ERROR(link, m)
  local text = m.params[#m.params] or ""
  link.farewell = link.farewell or text
  if link.registering then
    link:drop("the server refused: " .. text)
  end
end

on["001"] = function(link, m)
  local client = link.client
  client.nick = m.params[1] or client.nick
  if link.registering then
    link.registering = false
    link:hold() -- until connect returns
    link.welcome:resolve(true)
  end
end

on["005"] = function(link, m)
  local client = link.client
  for i = 2, #m.params - 1 do
    local key, value = m.params[i]:match "^([%w]+)=?(.*)$"
    if key and (client.isupport[key] or client.settings < max_settings) then
      client.settings = client.settings + (client.isupport[key] and 0 or 1)
      client.isupport[key] = value
    end
  end
  local bound = tonumber(client.isupport.LINELEN)
  if bound and bound >= 512 and bound <= 16384 then
    client.line_limit = math.floor(bound)
  end
end

function on.NICK(link, m)
  local client = link.client
  if m.nick and m.params[1] and client.nick and client:same(m.nick, client.nick) then
    client.nick, client.mask = m.params[1], nil
    link.replaced = false -- it is the wanted one, or the script or the server has taken another on purpose
  end
end

function on.JOIN(link, m)
  local client = link.client
  if m.user and client.nick and client:same(m.nick, client.nick) then
    client.mask = m.prefix
  end
end

-- The nick is taken (433, 436, 437), or an alternative is none that the server takes (432).
local function next_nick(link, m)
  if not link.registering then
    return
  end
  link.attempt = link.attempt + 1
  if link.attempt > max_nicks or m.command == "432" and link.attempt == 1 then
    return link:drop(("the server does not take the nick %s: %s"):format(link.client.options.nick, m.params[#m.params]))
  end
  link.client.nick, link.replaced = M.alternative(link.client.options.nick, link.attempt), true
  link:put("NICK " .. link.client.nick)
end
on["432"], on["433"], on["436"], on["437"] = next_nick, next_nick, next_nick, next_nick

local function refused(link, m)
  if link.registering then
    link:drop("the server refused: " .. (m.params[#m.params] or ""))
  end
end
on["463"], on["464"], on["465"] = refused, refused, refused

-- SASL PLAIN (RFC 4616) as IRCv3 has it.
local function no_sasl(link, m)
  if link.registering and link.client.options.sasl then
    link:drop("SASL failed: " .. (m.params[#m.params] or ""))
  end
end
on["902"], on["904"], on["905"], on["906"] = no_sasl, no_sasl, no_sasl, no_sasl

function on.CAP(link, m)
  local step, last = (m.params[2] or ""):upper(), m.params[#m.params] or ""
  if not link.client.options.sasl or not link.registering then
    return
  elseif step == "LS" then
    local offered, plain = (" " .. last .. " "):match " sasl(=?)([^ ]*) "
    if offered and (offered == "" or ("," .. plain:upper() .. ","):find(",PLAIN,", 1, true)) then
      link.offered = true
    end
    if m.params[3] == "*" and #m.params > 3 then
      return -- more lines of the list follow
    elseif not link.offered then
      return link:drop("SASL failed: the server does not offer PLAIN")
    end
    link:put("CAP REQ :sasl")
  elseif step == "ACK" and link.offered then
    link:put("AUTHENTICATE PLAIN")
  elseif step == "NAK" then
    link:drop("SASL failed: the server does not grant it")
  end
end

function on.AUTHENTICATE(link, m)
  local sasl = link.client.options.sasl
  if not sasl or not link.registering or m.params[1] ~= "+" then
    return
  end
  local text = crypto.base64_encode("\0" .. sasl.user .. "\0" .. sasl.password)
  for at = 1, #text, 400 do
    link:put("AUTHENTICATE " .. text:sub(at, at + 399))
  end
  if #text % 400 == 0 then
    link:put("AUTHENTICATE +")
  end
end

on["903"] = function(link)
  if link.registering and link.client.options.sasl then
    link.authenticated = true
    link:put("CAP END")
  end
end

-- Handles a message before the client's handlers see its line.
function M.handle(link, message)
  local fn = on[message.command]
  if message.command == "001" and link.registering and link.client.options.sasl and not link.authenticated then
    return link:drop("SASL failed: the server went on without")
  elseif fn then
    fn(link, message)
  end
end

-- Answers a CTCP request as the options say, unless lines wait to be sent: a flood of them gets no answers.
function M.answer(link, event)
  local client = link.client
  local answers = client.options.ctcp
  local answer = answers and (event.ctcp == "PING" and event.message or answers[event.ctcp])
  if not answer or not event.nick or client.flood:waiting() then
    return
  end
  client.flood:charge()
  answer = irc_line.split(answer:gsub("[%z\r\n\1]", " "), 200)[1]
  link:put(("NOTICE %s :\1%s %s\1"):format(event.nick, event.ctcp, answer))
end

return M
