-- Every command that a server of the tests can answer, and what comes back.
local irc = require "irc"
local port = tonumber(os.getenv "PORT")
local function client(nick)
  return irc.client { host = "127.0.0.1", port = port, nick = nick, password = "hunter2", realname = "Real " .. nick, flood = { burst = 1000 } }
end
local anna, ben = client "anna", client "ben"
anna:on("client_connect", function(e) print(("%s %s %s"):format(e.event, e.host, tostring(e.port == port))) end)
anna:on("client_disconnect", function(e) print(e.event .. " " .. e.message) end)
for _, name in ipairs { "RPL_WELCOME", "RPL_YOURHOST", "RPL_CREATED", "RPL_MYINFO", "RPL_ISUPPORT", "RPL_LUSERCLIENT", "RPL_LUSERCHANNELS",
  "RPL_LUSERME", "RPL_MOTDSTART", "RPL_MOTD", "375" } do
  local seen = false
  anna:on(name, function(e)
    if not seen then
      seen = true
      print(("%s: %s %s %s"):format(name, e.event, e.number, tostring(e.message ~= nil)))
    end
  end)
end

-- Sends a command as anna and prints fields of the answer that comes to whom.
local function try(command, params, event, fields, whom)
  local waiting, begun, answer = true, false, nil
  if whom then
    bot.spawn(function()
      begun = true
      answer, waiting = whom:wait(event, 20), false
    end)
    while not begun do sleep(0.001) end
  end
  anna:send(command, params)
  if whom then
    while waiting do sleep(0.001) end
  else
    answer = anna:wait(event, 20)
  end
  local parts = { command, answer and answer.event or "nothing" }
  for name in fields:gmatch "%S+" do
    local v = answer and answer[name]
    parts[#parts + 1] = type(v) == "table" and table.concat(v, "+") or tostring(v)
  end
  print(table.concat(parts, " "))
  return answer
end

bot.on_start(function()
  anna:connect()
  local motd = anna:wait({ "RPL_ENDOFMOTD", "ERR_NOMOTD" }, 20)
  print("motd " .. motd.event)
  ben:connect()
  print("CASEMAPPING " .. anna.isupport.CASEMAPPING .. " " .. tostring(anna:same("#HALL", "#hall")))
  try("join", { channel = "#hall" }, "join", "nick channel")
  ben:send("join", { channel = { "#hall", "#side" } })
  local names = ben:wait("RPL_NAMREPLY", 20)
  table.sort(names.users)
  print("users " .. names.channel_type .. " " .. names.channel .. " " .. table.concat(names.users, "+"))
  ben:wait("RPL_ENDOFNAMES", 20)
  try("privmsg", { target = "#hall", message = "Hello all" }, "privmsg", "nick user target message", ben)
  try("notice", { target = "ben", message = "psst: a" }, "notice", "nick target message", ben)
  try("topic", { channel = "#hall", message = "Of trees" }, "topic", "channel message", ben)
  try("topic", { channel = "#hall" }, "332", "channel message number")
  try("topic", { channel = "#hall", message = "" }, "topic", "message", ben)
  try("channelmode", { channel = "#hall", modes = "+v", params = "ben" }, "channelmode", "nick channel modes params", ben)
  try("channelmode", { channel = "#hall" }, "RPL_CHANNELMODEIS", "channel")
  try("usermode", { nick = "anna", modes = "+i" }, "usermode", "nick modes")
  try("usermode", { nick = "anna" }, "RPL_UMODEIS", "modes")
  try("invite", { nick = "ben", channel = "#other" }, { "invite" }, "nick target channel", ben)
  try("names", { channel = "#hall" }, "RPL_ENDOFNAMES", "channel")
  try("list", { channel = "#hall" }, "RPL_LIST", "channel count")
  try("who", { mask = "ben" }, "RPL_WHOREPLY", "nick server hopcount real_name")
  try("who", { mask = "ben" }, "RPL_ENDOFWHO", "name")
  try("whois", { mask = "ben" }, "RPL_WHOISUSER", "nick message")
  try("whois", { mask = "ben" }, "RPL_ENDOFWHOIS", "nick")
  try("whowas", { nick = "nobody" }, { "ERR_WASNOSUCHNICK" }, "nick")
  try("away", { message = "lunch" }, "RPL_NOWAWAY", "number")
  try("away", nil, "RPL_UNAWAY", "number")
  try("motd", nil, "RPL_ENDOFMOTD", "number")
  try("lusers", nil, "RPL_LUSERCHANNELS", "count")
  try("version", nil, "RPL_VERSION", "server")
  try("stats", { query = "m" }, "RPL_ENDOFSTATS", "number")
  try("links", nil, "RPL_ENDOFLINKS", "number")
  try("time", nil, "RPL_TIME", "server")
  try("admin", nil, "RPL_ADMINLOC1", "message")
  try("info", nil, "RPL_ENDOFINFO", "number")
  try("ison", { nick = { "anna", "ben", "nobody" } }, "RPL_ISON", "message")
  try("userhost", { nick = "ben" }, "RPL_USERHOST", "number")
  try("servlist", nil, { "RPL_SERVLISTEND" }, "number")
  try("summon", { nick = "ben" }, "ERR_SUMMONDISABLED", "number")
  try("users", nil, "ERR_USERSDISABLED", "number")
  try("trace", nil, "RPL_TRACEEND", "number")
  try("ping", { message = "here" }, "pong", "message")
  try("squery", { target = "none", message = "x" }, { "ERR_NOSUCHSERVICE", "ERR_NOSUCHNICK", "ERR_UNKNOWNCOMMAND" }, "number")
  try("service", { nick = "s", distribution = "*", type = "0", info = "i" }, { "462" }, "number")
  try("kill", { nick = "ben", message = "no" }, "ERR_NOPRIVILEGES", "number")
  try("squit", { server = "other.test", message = "no" }, "ERR_NOPRIVILEGES", "number")
  try("connect", { target = "other.test", port = 6667 }, "ERR_NOPRIVILEGES", "number")
  try("rehash", nil, "ERR_NOPRIVILEGES", "number")
  try("restart", nil, "ERR_NOPRIVILEGES", "number")
  try("die", nil, "ERR_NOPRIVILEGES", "number")
  try("wallops", { message = "all" }, "ERR_NOPRIVILEGES", "number")
  try("oper", { user = "root", password = "secret" }, "RPL_YOUREOPER", "number")
  try("user", { user = "x", realname = "y" }, "462", "event")
  try("pass", { password = "x" }, "ERR_ALREADYREGISTRED", "number")
  try("pong", nil, { "ERR_NOORIGIN" }, "number")
  try("join", { channel = "bad" }, { "ERR_NOSUCHCHANNEL" }, "channel")
  try("kick", { channel = "#hall", nick = "ben", message = "out" }, "kick", "nick channel target message", ben)
  try("part", { channel = "#hall", message = "off" }, "part", "nick channel message")
  try("nick", { nick = "annika" }, "nick", "nick new_nick")
  print("nick " .. anna.nick)
  ben:disconnect "gone"
  print("ben " .. tostring(ben:connected()) .. " " .. tostring(anna:connected()))
  try("quit", { message = "bye" }, "client_disconnect", "event")
  local ok, err = pcall(anna.send, anna, "away")
  print(tostring(ok) .. " " .. err.type)
  print "end"
  bot.stop()
end)
