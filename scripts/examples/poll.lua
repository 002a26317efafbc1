-- Polls: one question, one vote for each person, which they may change.
-- Send /poll Lunch? | Pizza | Soup, then /vote 1 and /results; in groups, too.
-- Run: simplex-lua dev scripts/examples/poll.lua

local people = require "people"
local store = require "store"

local polls = store.open "polls" -- by chat

bot.configure {
  profile = { display_name = "Poll", short_descr = "Asks and counts" },
  welcome = "Send /poll Question? | first answer | second answer",
  commands = {
    { keyword = "vote", label = "Vote", params = "number" },
    { keyword = "results", label = "How it stands" },
  },
}

bot.on_event("receivedGroupInvitation", function(event) bot.api.join_group(event.groupInfo.groupId) end)

-- Ids are given again after deletions, so the time counts, too; a support chat is a place of its own.
local function place(msg)
  return msg.chat.ref .. "/" .. (msg.chat.created_at or "")
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
  polls:set(place(msg), poll)
  bot.send(msg.chat, standing(poll) .. "\nSend /vote NUMBER.")
end)

bot.on_command({ "vote", "results" }, function(msg, cmd)
  local voter, choice = people.key(msg), cmd.keyword == "vote" and tonumber(cmd.args) or 0
  local poll = polls:update(place(msg), function(poll)
    if poll and poll.answers[choice] then
      poll.votes[voter] = choice
    end
    return poll
  end)
  msg:reply(poll and standing(poll) or "There is no poll here.")
end)
