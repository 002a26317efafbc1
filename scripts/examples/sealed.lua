-- A second layer of encryption between two bots with the same password: on_send seals, on_raw opens.
-- Give both this script and the password, and one of them the other's address: it says hello and gets an answer, sealed.
-- Run: SEALED_PASSWORD=… SEALED_PEER=LINK simplex-lua run --allow env=SEALED_PASSWORD,env=SEALED_PEER scripts/examples/sealed.lua

local crypto = require "crypto"

local key = crypto.hash("sha256", os.getenv "SEALED_PASSWORD" or "only for trying it out", "raw")
local mark = "sealed:"

local function seal(text)
  return mark .. crypto.base64_encode(crypto.seal(key, text))
end

-- Returns nil for what was not sealed with our key.
local function open(text)
  local ok, bytes = pcall(crypto.base64_decode, text:match("^" .. mark .. "(.+)$") or "!")
  return ok and crypto.unseal(key, bytes) or nil
end

bot.configure { profile = { display_name = "Sealed" } }

-- Every message that this script sends or edits, whoever makes it.
bot.on_send(function(command)
  local head, body = command:match "^(/_%a+ .- json )(.+)$"
  if head and (head:find "^/_send " or head:find "^/_update item ") then
    local data = json.decode(body)
    for _, message in ipairs(data.msgContent and { data } or data) do
      message.msgContent.text = seal(message.msgContent.text)
    end
    return head .. json.encode(data)
  end
end)

-- Every message that comes: the handlers below see the text, or "" where it is no sealed one.
bot.on_raw(function(event)
  local items = event.type == "newChatItems" and event.chatItems or event.type == "chatItemUpdated" and { event.chatItem }
  for _, item in ipairs(items or {}) do
    local content = item.chatItem.content.msgContent
    if content and item.chatItem.content.type == "rcvMsgContent" then
      content.text, item.chatItem.formattedText = open(content.text) or "", nil
    end
  end
  return items and event or nil
end)

bot.on_message(function(msg)
  print(msg.sender.name .. ": " .. msg.text)
  if msg.text ~= "" and not msg.text:find "^Got: " then -- an answer gets none, or two bots would never end
    msg:reply("Got: " .. msg.text, { quote = false })
  end
end)

bot.on_start(function(reason)
  local peer = os.getenv "SEALED_PEER"
  if peer and reason == "start" then
    bot.send("@" .. bot.connect_to(peer).contactId, "Hello")
  end
end)
