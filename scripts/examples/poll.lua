-- Polls: one question, one vote for each person, which they may change.
-- Send /poll Lunch? | Pizza | Soup, then /vote 1 and /results; in groups, too.
-- Run: simplex-lua dev scripts/examples/poll.lua

bot.configure {
  profile = { display_name = "Poll", short_descr = "Asks and counts" },
  welcome = "Send /poll Question? | first answer | second answer",
  commands = {
    { keyword = "vote", label = "Vote", params = "number" },
    { keyword = "results", label = "How it stands" },
  },
}

bot.on_event("receivedGroupInvitation", function(event)
  bot.api.join_group(event.groupInfo.groupId)
end)

bot.state = { polls = {} } -- by chat

-- A person by id and time, for ids are given again after deletions.
local function voter(msg)
  return (msg.member_id or msg.contact_id) .. "/" .. (msg.sender.created_at or "")
end

local function standing(poll)
  local count, lines = {}, { poll.question }
  for _, choice in pairs(poll.votes) do
    count[choice] = (count[choice] or 0) + 1
  end
  for i, answer in ipairs(poll.answers) do
    lines[#lines + 1] = ("%d. %s: %d"):format(i, answer, count[i] or 0)
  end
  return table.concat(lines, "\n")
end

bot.on_command("poll", function(msg, cmd)
  local parts = {}
  for part in cmd.args:gmatch("[^|]+") do
    parts[#parts + 1] = part:match("^%s*(.-)%s*$")
  end
  if #parts < 3 then
    return msg:reply("Send /poll Question? | first answer | second answer")
  end
  local poll = { question = table.remove(parts, 1), answers = parts, votes = {} }
  bot.state.polls[msg.chat.ref] = poll
  bot.send(msg.chat, standing(poll) .. "\nSend /vote NUMBER.")
end)

bot.on_command({ "vote", "results" }, function(msg, cmd)
  local poll = bot.state.polls[msg.chat.ref]
  local choice = tonumber(cmd.args)
  if poll and cmd.keyword == "vote" and poll.answers[choice or 0] then
    poll.votes[voter(msg)] = choice
  end
  msg:reply(poll and standing(poll) or "There is no poll here.")
end)
