-- A second layer of encryption between two bots with the same password: on_send seals, on_raw opens.
-- Give both bots this script and the password; what one is sent it answers, and only sealed texts cross the network.
-- Run: SEALED_PASSWORD=… simplex-lua run --allow env=SEALED_PASSWORD scripts/examples/sealed.lua

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

-- Every message that this script sends, whoever makes it.
bot.on_send(function(command)
  local head, body = command:match("^(/_send .- json )(.+)$")
  if not head then
    return
  end
  local messages = json.decode(body)
  for _, message in ipairs(messages) do
    message.msgContent.text = seal(message.msgContent.text)
  end
  return head .. json.encode(messages)
end)

-- Every message that comes: the handlers below see the text, or "" where it is no sealed one.
bot.on_raw(function(event)
  if event.type ~= "newChatItems" then
    return
  end
  for _, item in ipairs(event.chatItems) do
    local content = item.chatItem.content.msgContent
    if content and item.chatItem.content.type == "rcvMsgContent" then
      content.text = open(content.text) or ""
      item.chatItem.formattedText = nil
    end
  end
  return event
end)

bot.on_message(function(msg)
  if msg.text ~= "" then
    msg:reply("Got: " .. msg.text, { quote = false })
  end
end)
