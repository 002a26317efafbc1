-- Sends what somebody waits for an answer to.

local check = require "check"
local link = require "lime.link"
local time = require "time"

local M = {}

-- The connection that is open and established.
function M.open_link(self)
  local now = self.link
  if not now or now.state ~= "established" then
    check.fail("closed", "lime: the client is not connected", "Call client:connect first, or client:run and wait for the event connect.")
  end
  return now
end

-- Sends an envelope and waits for what belongs to its id.
function M.send(self, waiting, e, query, timeout, what)
  local now = M.open_link(self)
  if waiting:get(e.id) then
    check.fail("argument", ("%s: something with the id %q is under way already"):format(what, e.id))
  end
  waiting:set(e.id, query)
  local began = time.now()
  local ok, err = pcall(now.send, now, e)
  local came, outcome = false, nil
  if ok then
    self.inbox:release()
    came, outcome = query.promise:wait(math.max(timeout - (time.now() - began), 0))
  end
  waiting:delete(e.id)
  if not ok then
    link.raise(err)
  elseif not came then
    check.fail("timeout", ("%s: no answer within %g s"):format(what, timeout))
  elseif outcome.lost then
    link.raise(outcome.lost, "closed")
  end
  return outcome.answer
end

return M
