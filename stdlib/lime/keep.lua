-- Connects a client again and again.

local link = require "lime.link"
local session = require "lime.session"
local time = require "time"

-- Tells whether it is no use to try again.
local function is_final(err)
  local code = type(err) == "table" and err.reason and err.reason.code
  return type(err) ~= "table" or err.type == "argument" or err.type == "permission" or code == session.reasons.authentication_failed
end

-- Keeps a client connected until run is not the one that counts any more.
return function(self, run)
  local pause = 1
  while self.running == run do
    local began = time.now()
    local ok, err = true, nil
    if not self.link then
      ok, err = pcall(self.connect, self)
    end
    local now = self.link
    if ok and now then
      while not now.gone:wait() do end
      err = now.error
    end
    if self.running ~= run then
      return
    elseif not ok and is_final(err) then
      self.running = nil
      error(err, 0)
    elseif time.now() - began > 60 then
      pause = 1
    end
    log.warn("lime: no connection", { error = tostring(err and err.message or err), again_in = pause })
    if link.wait(run.alarm, pause * (0.75 + math.random() / 4)) ~= "timeout" then
      return
    end
    pause = math.min(pause * 2, 60)
  end
end
