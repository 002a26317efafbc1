---@meta image
-- Types of the module image.

---The module: `local image = require "image"`. An image is given as the path of a file, below the bot's files
---folder or allowed, or as { data = bytes }: JPEG, PNG, GIF or WebP, at most 32 MiB and 50 million pixels.
---@class image
local image = {}

---@alias ImageSource string|{ data: string }

---@class QrOptions
---@field level? "L"|"M"|"Q"|"H" how much of it may be damaged, from little to much (default "M")
---@field scale? integer pixels of a module (default 8)
---@field form? "png"|"uri" the bytes of a file, or a data URI as message contents have it (default "png")

---Makes a QR code. A text that is too long for one raises an error of type limit.
---
---```lua
---local image, fs = require "image", require "fs"
---bot.on_command("invite", function(msg)
---  fs.write("link.png", image.qr(bot.info.address))
---  bot.send_image(msg.chat, "link.png", { caption = "Scan me" })
---end)
---```
---@param text string
---@param options? QrOptions
---@return string
function image.qr(text, options) end

---@class ThumbnailOptions
---@field max_bytes? integer of the result (default 10 KiB, which fits into a message)
---@field side? integer pixels of the longer side at most (default 480)
---@field form? "uri"|"jpg" default "uri"

---Makes a picture small: as large and as good as fits. What is no image raises an error of type data. Waits.
---@param source ImageSource
---@param options? ThumbnailOptions
---@return string
function image.thumbnail(source, options) end

---Returns the pixels and the format ("jpeg", "png", "gif", "webp") of an image. Waits.
---@param source ImageSource
---@return integer width
---@return integer height
---@return string format
function image.size(source) end
