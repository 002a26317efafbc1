---@meta
-- Types of what sends and receives files.

---The key of a file that is stored encrypted.
---@class FileCrypto
---@field fileKey string
---@field fileNonce string

---A complete file.
---@class DownloadedFile
---@field path string absolute
---@field name string as the sender named it
---@field size integer in bytes
---@field file_id integer
---@field crypto? FileCrypto where it is stored encrypted

---@class DownloadOptions
---@field timeout? number|string seconds or "5m" (default 10 minutes)
---@field approved_relays? boolean also from servers that are not the bot's own; they see its network address (default false)
---@field encrypt? boolean store the file encrypted (default false)

---@class Message
local Message = {}

---Accepts the message's file and waits until it is complete. Without a path it gets a name of
---its own in the bot's files folder. Raises where the file does not come: chat_error with the
---core's reason, or timeout. Waits; other messages of the chat go on meanwhile. A file that was asked
---for before, by another handler or before a restart, is waited for as well: it is where it was first
---asked for, which path of the result says.
---
---```lua
---bot.on_message({ content_type = { "file", "image" } }, function(msg)
---  local file = msg:download(nil, { timeout = "2m" })
---  msg:reply(file.name .. " has " .. file.size .. " bytes")
---end)
---```
---@param path? string in the files folder, or elsewhere with the permission write
---@param options? DownloadOptions
---@return DownloadedFile file
function Message:download(path, options) end

---@class MediaOptions
---@field caption? string the text with the file
---@field quote? Message|integer the message it replies to
---@field ttl? integer seconds until it disappears
---@field crypto? FileCrypto of a file that is stored encrypted

---@class VideoOptions: MediaOptions
---@field duration? integer seconds
---@field preview? string an image file to show in its place

---@class VoiceOptions: MediaOptions
---@field duration? integer seconds

---Sends a file and returns the stored message. Waits until it is stored, not until it is uploaded.
---
---```lua
---bot.send_file(msg.chat, "report.pdf", { caption = "Here it is." })
---```
---@param chat Chat|Message|string
---@param path string in the bot's files folder, or elsewhere with the permission read
---@param options? MediaOptions
---@return Message
function bot.send_file(chat, path, options) end

---Sends an image (JPEG, PNG or GIF) with a preview made from it. Waits.
---
---```lua
---bot.send_image(msg.chat, "chart.png", { caption = "Today", quote = msg })
---```
---@param chat Chat|Message|string
---@param path string in the bot's files folder, or elsewhere with the permission read
---@param options? MediaOptions
---@return Message
function bot.send_image(chat, path, options) end

---Sends a video. Waits.
---
---```lua
---bot.send_video("#2", "clip.mp4", { duration = 12, preview = "clip.jpg" })
---```
---@param chat Chat|Message|string
---@param path string in the bot's files folder, or elsewhere with the permission read
---@param options? VideoOptions
---@return Message
function bot.send_video(chat, path, options) end

---Sends a voice message. Waits.
---
---```lua
---bot.send_voice("@4", "hello.m4a", { duration = 3 })
---```
---@param chat Chat|Message|string
---@param path string in the bot's files folder, or elsewhere with the permission read
---@param options? VoiceOptions
---@return Message
function bot.send_voice(chat, path, options) end

---@class LinkOptions
---@field uri string
---@field title? string
---@field description? string
---@field image? string an image file to show
---@field quote? Message|integer the message it replies to
---@field ttl? integer seconds until it disappears

---Sends a text with the preview of a link in it. Waits.
---
---```lua
---bot.send_link("@4", "see https://example.org", { uri = "https://example.org", title = "An example" })
---```
---@param chat Chat|Message|string
---@param text string
---@param preview LinkOptions
---@return Message
function bot.send_link(chat, text, preview) end

---Stores data in a file that the core encrypts, and returns its key. Waits.
---
---```lua
---local key = bot.api.write_file("secret.bin", "data")
---```
---@param path string in the bot's files folder, or elsewhere with the permission write
---@param data string
---@return FileCrypto
function bot.api.write_file(path, data) end

---Returns the content of a file that is stored encrypted. Waits.
---
---```lua
---local data = bot.api.read_file("secret.bin", key)
---```
---@param path string in the bot's files folder, or elsewhere with the permission read
---@param crypto FileCrypto
---@return string data
function bot.api.read_file(path, crypto) end

---Makes an encrypted copy of a file and returns its key. Waits.
---
---```lua
---local key = bot.api.encrypt_file("report.pdf", "report.enc")
---```
---@param from string in the bot's files folder, or elsewhere with the permission read
---@param to string in the bot's files folder, or elsewhere with the permission write
---@return FileCrypto
function bot.api.encrypt_file(from, to) end

---Makes a plain copy of a file that is stored encrypted. Waits.
---
---```lua
---bot.api.decrypt_file("report.enc", key, "report.pdf")
---```
---@param from string in the bot's files folder, or elsewhere with the permission read
---@param crypto FileCrypto
---@param to string in the bot's files folder, or elsewhere with the permission write
function bot.api.decrypt_file(from, crypto, to) end
