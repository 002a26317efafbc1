-- A bot for the tests of the module lime: a client, and a server of a few lines behind a transport made here.
local lime = require "lime"
local promise = require "promise"

-- Two ends: what one sends the other receives.
local function pair()
  local function side()
    return { list = {}, at = 1, more = promise.new() }
  end
  local function put(to, frame)
    to.list[#to.list + 1] = frame
    to.more:resolve()
  end
  local function get(from, timeout)
    while from.at > #from.list do
      if from.ended then return nil, "ended" end
      from.more = promise.new()
      if not from.more:wait(timeout) and timeout then error({ type = "timeout", message = "nothing" }, 0) end
    end
    from.at = from.at + 1
    return from.list[from.at - 1]
  end
  local a, b = side(), side()
  local function close()
    for _, s in ipairs { a, b } do
      s.ended = true
      s.more:resolve()
    end
  end
  local function transport(from, to)
    return {
      send = function(_, frame) put(to, frame) end, close = close,
      receive = function(_, timeout) return get(from, timeout) end,
    }
  end
  return transport(a, b), transport(b, a)
end

-- Runs a server that answers with fn: each envelope's answers.
local function serve(fn)
  local ours, theirs = pair()
  bot.spawn(function()
    while true do
      local frame = theirs:receive()
      if not frame then return end
      for _, answer in ipairs { fn((lime.parse(frame))) } do
        theirs:send(type(answer) == "string" and answer or json.encode(answer))
      end
    end
  end)
  return ours, theirs
end

local established = { id = "s1", from = "server@example.org", to = "anna@example.org/home", state = "established" }

-- The server of the specification: asks for plain, and answers commands.
local function proper(e)
  if e.state == "new" then
    return { id = "s1", state = "authenticating", schemeOptions = { "guest", "plain", "key" } }
  elseif e.state == "authenticating" then
    return established
  elseif e.state == "finishing" then
    return { id = "s1", state = "finished" }
  elseif e.method == "get" and e.uri == "/twice" then
    return { id = e.id, method = "get", status = "success", type = "text/plain", resource = "twice" }
  elseif e.method == "get" and e.uri == "/never" then
    return { id = "unasked", method = "get", status = "success" }
  elseif e.method then
    return { id = e.id, method = e.method, status = "failure", reason = { code = 62 } }
  elseif e.content then
    return { id = e.id, event = "received", from = e.to }
  end
end

local function client(transport, more)
  local o = { identity = "anna@example.org/home", transport = transport, ping_interval = 0 }
  for k, v in pairs(more or {}) do o[k] = v end
  return lime.client(o)
end

local function outcome(fn, ...)
  local ok, e = pcall(fn, ...)
  return ok and "fine" or e.type .. ": " .. e.message:match "[^\n]*"
end

bot.on_command("talk", function(msg)
  local transport, server = serve(proper)
  local c = client(transport)
  local got = promise.new()
  c:on("message", function(m) got:resolve(m.content) end)
  c:connect()
  assert(c.state == "established" and c.node == "anna@example.org/home" and c.session_id == "s1")
  assert(c:process_command({ method = "get", uri = "/twice" }).resource == "twice")
  assert(c:process_command({ method = "set", uri = "/x", resource = { a = 1 } }).reason.code == 62)
  assert(outcome(c.process_command, c, { method = "get", uri = "/never" }, { timeout = 2 }):find "^timeout: ")
  assert(c.skipped == 1)
  local id, notification = c:send_message({ to = "ben@example.org", content = "hi" }, { wait = "received" })
  assert(notification.event == "received" and notification.id == id)
  server:send(json.encode { from = "ben@example.org", type = "text/plain", content = "hello" })
  local _, content = got:wait(5)
  c:close()
  assert(c.state == "closed")
  msg:reply(content .. ", " .. outcome(c.send_message, c, { to = "x@y", content = "late" }))
end)

bot.on_command("lies", function(msg)
  local lies = {}
  local function try(name, fn, more)
    local c = client((serve(fn)), more)
    lies[#lies + 1] = name .. " " .. outcome(c.connect, c)
    assert(c.state == "closed")
  end
  local asks = { id = "s1", state = "authenticating", schemeOptions = { "guest", "plain" } }
  try("skips:", function() return established end)
  try("id:", function(e)
    if e.state == "new" then return asks end
    return { id = "s2", state = "established" }
  end)
  try("back:", function(e)
    if e.state == "new" then return asks end
    return { id = "s1", state = "negotiating", encryptionOptions = { "none" } }
  end)
  try("refuses:", function() return { id = "s1", state = "failed", reason = { code = 13, description = "no" } } end)
  try("other:", proper, { identity = "eve@example.org", authentication = { scheme = "plain", password = "x" } })
  try("junk:", function() return "junk" end)
  try("message:", function() return { content = "x", type = "text/plain" } end)
  try("silent:", function() end, { timeout = 3 })
  try("allowed:", function() return { id = "s1", state = "failed", reason = { code = 1 } } end, { authentication = false })
  msg:reply(table.concat(lies, "\n"))
end)

bot.on_command("options", function(msg)
  local seen = {}
  for _, o in ipairs {
    {}, { identity = "anna" }, { identity = "a@b", uri = "http://b" }, { identity = "a@b", uri = "tcp://b:70000" },
    { identity = "a@b", encryption = "some" }, { identity = "a@b", max_size = 1 }, { identity = "a@b", authentication = { scheme = "plain" } },
    { identity = "a@b", authentication = { scheme = "guest", password = "x" } }, { identity = "a@b", transport = {} },
    { identity = "a@b", authentification = {} }, { identity = "a@b", uri = "wss://b", tls = { server_name = "c" } },
  } do
    seen[#seen + 1] = outcome(lime.client, o)
  end
  msg:reply(table.concat(seen, "\n"))
end)

bot.on_command("run", function(msg)
  local n = 0
  local c
  c = client(function()
    n = n + 1
    if n == 1 then error({ type = "io", message = "not yet" }, 0) end
    return (serve(function(e)
      if n == 2 and e.state == "authenticating" then return established, { id = "s1", state = "finished" } end
      return proper(e)
    end))
  end)
  c:on("disconnect", function(e) msg:reply(e.type .. ": " .. e.message) end)
  c:run()
  c:wait("connect")
  c:wait("connect")
  msg:reply(n .. " connections")
  c:close()
end)
