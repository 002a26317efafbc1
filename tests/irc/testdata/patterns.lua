-- What event-style clients are built from: events, plugins, routes, and chains of whole lines.
local irc = require "irc"
local plugin = {}
local port = tonumber(os.getenv "PORT")
local function client(nick) return irc.client { host = "127.0.0.1", port = port, nick = nick, flood = { burst = 1000 } } end
local anna, ben = client "anna", client "ben"

-- Plugins: functions that get a client, known by their names.
function plugin.echo(c)
  return c:on("privmsg", function(e) c:send("notice", { target = e.nick, message = "echo: " .. e.message }) end)
end
function plugin.greet(c)
  return c:on({ "join", "MY_OWN" }, function(e) print("greet " .. (e.nick or e.who)) end)
end

-- Routes: patterns of texts.
local routes = {}
local function route(pattern, fn) routes[#routes + 1] = { require("re").compile(pattern), fn } end
route("^say (\\w+) please$", function(e, word) print("route " .. e.nick .. " " .. word) end)
route("^add (\\d+) (\\d+)$", function(_, a, b) print("route " .. a + b) end)
local function router(e)
  for _, r in ipairs(routes) do
    local m = r[1]:captures(e.message)
    if m then return r[2](e, m[1], m[2]) end
  end
end

local function ask(message)
  anna:send("privmsg", { target = "ben", message = message })
  local e = anna:wait("notice", 10)
  return e and e.message
end

bot.on_start(function()
  local echo = plugin.echo(ben)
  plugin.greet(ben)
  anna:connect()
  ben:connect()
  ben:trigger("my_own", { who = "local" })
  ben:send("join", { channel = "#hall" })
  ben:wait("RPL_ENDOFNAMES", 10)
  print(ask "one")
  local routed = ben:on("privmsg", router)
  ask "say hello please"
  ask "add 3 4"
  routed:remove()

  -- Waiting for one of several.
  anna:send("ping", { message = "a" })
  local pong = anna:wait({ "pong", "ERR_NOORIGIN" }, 10)
  print(pong.event .. " " .. pong.message)

  -- Whole lines, before events are made of them; the outgoing side too.
  local function upper(next, line) return next(line:find "PRIVMSG" and line:upper() or line) end
  local function count(next, line, c)
    c.lines = (rawget(c, "lines") or 0) + 1
    return next(line)
  end
  ben.handlers["in"]:insert(count)
  ben.handlers.incoming:insert(upper)
  print(ask "two")
  print("counted " .. tostring(ben.lines >= 1))
  print(tostring(ben.handlers["in"]:remove(upper)) .. " " .. tostring(ben.handlers["in"]:remove(upper)))
  anna.handlers.out:insert(function(next, line)
    if line:find "secret" then return end -- it ends here
    next((line:gsub("three", "3")))
  end)
  anna:send("privmsg", { target = "ben", message = "secret" })
  print(ask "three")
  anna.handlers.outgoing:clear()
  print(ask "three")

  -- Replaced: no events, only lines; the server's PING is answered all the same.
  local seen = require("promise").new()
  ben.handlers["in"]:clear()
  ben.handlers["in"]:insert(function(_, line) if line:find "PRIVMSG" then seen:resolve(line) end end)
  anna:send("privmsg", { target = "ben", message = "raw" })
  print("line " .. select(2, seen:wait(10)):match "PRIVMSG.*")

  -- A mistake in a chain ends with its line.
  ben.handlers["in"]:insert(1, function(next, line) if line:find "oops" then error "a mistake in a chain" end next(line) end)
  anna:send("privmsg", { target = "ben", message = "oops" })
  anna:send("whois", { mask = "ben" })
  print((anna:wait({ "RPL_WHOISUSER", "ERR_NOSUCHNICK" }, 10)).event)
  echo:remove()
  ben:send_line "QUIT :a line of its own"
  anna:disconnect()
  print "end"
  bot.stop()
end)
