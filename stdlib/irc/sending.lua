-- What becomes of a line before it is sent: it waits for the connection, and is cut where it is too long.

local check = require "check"
local irc_line = require "irc.line"
local session = require "irc.session"

local M = {}

-- Returns the connection for a command, when the server has welcomed the client.
function M.ready(self, command)
  local now = self.link
  if not now or not now.conn then
    check.fail("closed", "irc: the client is not connected")
  end
  if now.registering and not session.early[command:upper()] then
    now.welcome:wait(self.options.timeout)
  end
  now:check_open()
  return now
end

-- Splits a PRIVMSG or NOTICE that is too long with the sender before it, as others get it.
function M.fit(self, line)
  local head, text = line:match "^(%u+ [^ ]+ :)(.*)$"
  if not head or not (head:find "^PRIVMSG " or head:find "^NOTICE ") or text:find "^\1" then
    return { line }
  end
  local sender = self.mask and #self.mask or #(self.nick or "") + #(self.options.user or "") + 66
  local room = math.min(self.line_limit - 2 - #head - sender - 2, self.options.text_limit or math.huge)
  if room < 16 then
    check.fail("limit", "irc: there is no room for a text beside this target")
  elseif #text > 100 * room then
    check.fail("limit", ("irc: a text of %d bytes is too long for IRC"):format(#text))
  end
  local pieces = irc_line.split(text, room)
  for i, piece in ipairs(pieces) do
    pieces[i] = head .. piece
  end
  return pieces
end

return M
