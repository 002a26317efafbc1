-- Connects a client again and again.

local link = require "irc.link"
local promise = require "promise"
local time = require "time"

-- After so many seconds a connection is none of those that a server lets in and drops again.
local lasting = 60

-- Keeps a client connected until run is not the one that counts any more.
return function(self, run)
  local o = self.options.reconnect
  local wait = bot.info.generation > 1 and link.handover or 0
  while true do
    run.alarm = promise.new()
    run.alarm:wait(wait)
    if self.running ~= run then
      return
    end
    local began = time.now()
    local ok, now = pcall(link.open, self)
    if ok then
      while not now.gone:wait() do end
    elseif now.type == "permission" or now.type == "argument" then
      self.running = nil
      error(now, 0)
    else
      log.warn("irc: no connection", { host = self.options.host, error = tostring(now.message or now) })
    end
    wait = ok and time.now() - began >= lasting and o.first or math.min(math.max(wait * 2, o.first), o.longest)
    wait = wait * (0.75 + math.random() / 4)
  end
end
