-- The options of irc.client.

local check = require "check"

local option_types = {
  host = "string", port = "integer?", tls = "boolean|table?", nick = "string?", user = "string?", realname = "string?",
  password = "string?", sasl = "table?", encoding = "string?", timeout = "duration?", ping_interval = "duration?",
  ping_timeout = "duration?", reconnect = "table?", flood = "table?", text_limit = "integer?", max_line = "integer?",
  ctcp = "table|boolean?", serializer = "table?",
}

-- Checks the options and fills in what is left out.
return function(options)
  local o = check.options(options, "irc.client", option_types)
  o.port = o.port or (o.tls and 6697 or 6667)
  o.user, o.realname = o.user or o.nick, o.realname or o.nick
  o.encoding, o.timeout, o.max_line = o.encoding or "utf-8", o.timeout or 30, o.max_line or 16384
  o.ping_interval, o.ping_timeout = o.ping_interval or 60, o.ping_timeout or 30
  o.reconnect = check.options(o.reconnect, "irc.client.reconnect", { first = "duration?", longest = "duration?" })
  o.reconnect.first, o.reconnect.longest = o.reconnect.first or 1, o.reconnect.longest or 300
  o.flood = check.options(o.flood, "irc.client.flood", { rate = "number?", burst = "number?" })
  o.flood.rate, o.flood.burst = o.flood.rate or 2, o.flood.burst or 8
  if o.sasl then
    o.sasl = check.options(o.sasl, "irc.client.sasl", { user = "string", password = "string" })
  end
  if o.ctcp == nil or o.ctcp == true then
    o.ctcp = { VERSION = "simplex-lua" }
  end
  if o.encoding ~= "utf-8" and o.encoding ~= "latin1" then
    check.fail("argument", ('irc.client.encoding: want "utf-8" or "latin1", got %q'):format(o.encoding))
  elseif o.flood.rate <= 0 or o.flood.burst < 1 or o.reconnect.first <= 0 or o.reconnect.longest < o.reconnect.first then
    check.fail("argument", "irc.client: want rates and times above 0, a burst of 1 or more and a longest wait not below the first")
  elseif o.ping_interval <= 0 or o.ping_timeout <= 0 or o.max_line < 512 or (o.text_limit or 1) < 1 then
    check.fail("argument", "irc.client: want ping times above 0, a max_line of 512 or more and a text_limit of 1 or more")
  end
  for _, key in ipairs { "password", "sasl" } do
    if o[key] and not o.nick then
      check.fail("argument", ("irc.client.%s: want a nick, too; without one the script logs in by itself"):format(key))
    end
  end
  for _, key in ipairs { "nick", "user" } do
    local word = o[key]
    if word and (word == "" or word:find "[%z%s:!@]") then
      check.fail("argument", ("irc.client.%s: want a word, got %q"):format(key, word))
    end
  end
  return o
end
