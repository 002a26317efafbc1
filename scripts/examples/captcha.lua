-- Keeps robots out of a group: who joins must answer a sum, or is removed after three minutes.
-- Invite the bot as a moderator; it asks newcomers in the group and removes what they write until then.
-- Run: simplex-lua dev scripts/examples/captcha.lua

local patience = "3m"

bot.configure {
  profile = { display_name = "Doorkeeper", short_descr = "Keeps robots out" },
  welcome = "Add me to a group as an admin.",
}

bot.state = { asked = {} } -- the sums of newcomers, by group and member

bot.on_event("receivedGroupInvitation", function(event)
  bot.api.join_group(event.groupInfo.groupId)
end)

local function key(group_id, member_id)
  return group_id .. "/" .. member_id
end

-- Asks who has come after the bot: category "post". Those who were there before are not asked.
local function ask(event)
  local group, member = event.groupInfo, event.member
  local who = key(group.groupId, member.groupMemberId)
  if member.memberCategory ~= "post" or bot.state.asked[who] then
    return
  end
  local a, b = math.random(2, 9), math.random(2, 9)
  bot.state.asked[who] = a + b
  bot.send("#" .. group.groupId, ("Welcome, %s. What is %d + %d?"):format(member.memberProfile.displayName, a, b))
  bot.after(patience, function()
    if bot.state.asked[who] then
      bot.state.asked[who] = nil
      bot.api.send_chat_cmd(("/_remove #%d %d"):format(group.groupId, member.groupMemberId))
    end
  end)
end

bot.on_event("connectedToGroupMember", ask)

bot.on_message({ chat_type = "group" }, function(msg)
  local who = key(msg.group_id, msg.member_id)
  local sum = bot.state.asked[who]
  if sum and tonumber(msg.text) == sum then
    bot.state.asked[who] = nil
    return msg:reply("Thank you, come in.")
  elseif sum then
    msg:moderate()
  end
end)
