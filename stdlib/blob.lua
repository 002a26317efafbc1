-- Data that is stored encrypted, here or for another bot to fetch.
--
--   local blob = require "blob"
--   local key = blob.store("a long text")
--   print(#blob.fetch(key))
--   blob.delete(key)

local check = require "check"
local crypto = require "crypto"
local fs = require "fs"
local rpc = require "rpc"

---The module: `local blob = require "blob"`. Experimental. A blob is a file that the core encrypts, with a key that
---nobody has but who was given it: not even the bot that stores it can read it without.
---@class blob
local M = {}

local folder, chunk, max_remote = "blobs", 6000, 1024 * 1024

local function path_of(id)
  return folder .. "/" .. id
end

-- The id, key and nonce in a blob's key.
local function parts_of(key, what)
  local id, secret, nonce = check.arg(key, what .. ": the key", "string"):match("^(%x+)%.([%w_%-=]+)%.([%w_%-=]+)$")
  if not id or #id ~= 32 then
    check.fail("argument", what .. ": this is no key of a blob")
  end
  return id, { fileKey = secret, fileNonce = nonce }
end

---Stores data and returns the key by which it is fetched. Waits.
---@param data string
---@return string key
function M.store(data)
  check.arg(data, "blob.store", "string")
  local id = crypto.random(16, "hex")
  fs.mkdir(folder)
  local made = bot.api.write_file(path_of(id), data)
  return ("%s.%s.%s"):format(id, made.fileKey, made.fileNonce)
end

-- Copies the encrypted file of another bot, piece by piece.
local function copy(id, contact, timeout)
  local pieces, size = {}, 0
  repeat
    local piece = rpc.query(contact, "blob.read", { id = id, from = size }, { timeout = timeout })
    if type(piece) ~= "string" then
      return nil
    end
    piece = crypto.base64_decode(piece)
    size = size + #piece
    pieces[#pieces + 1] = piece
    if size > max_remote then
      check.fail("limit", ("blob.fetch: more than %d bytes are not fetched from others"):format(max_remote))
    end
  until #piece < chunk
  return table.concat(pieces)
end

---@class BlobOptions
---@field from? integer|string|Chat|Message|Peer the bot that stores it (default: this one)
---@field timeout? number|string for each piece (default 60 s)

---Returns the data of a blob; nil where there is none, or no longer. What another key decrypts, or was damaged, raises
---an error. Waits.
---@param key string
---@param options? BlobOptions
---@return string?
function M.fetch(key, options)
  local o = check.options(options, "blob.fetch", { from = "any?", timeout = "duration?" })
  local id, secret = parts_of(key, "blob.fetch")
  if not o.from then
    return fs.exists(path_of(id)) and bot.api.read_file(path_of(id), secret) or nil
  end
  local sealed = copy(id, o.from, o.timeout or 60)
  if not sealed then
    return nil
  end
  local temporary = path_of(id .. "." .. crypto.random(8, "hex")) -- others may fetch the same
  fs.mkdir(folder)
  fs.write(temporary, sealed)
  local ok, data = pcall(bot.api.read_file, temporary, secret)
  fs.remove(temporary)
  if not ok then
    error(data, 0)
  end
  return data
end

---Deletes a blob of this bot and tells whether there was one. Waits.
---@param key string
---@return boolean
function M.delete(key)
  return fs.remove(path_of((parts_of(key, "blob.delete"))))
end

rpc.handle("blob.read", function(payload)
  local id, from = payload and payload.id, payload and payload.from
  if type(id) ~= "string" or #id ~= 32 or id:find("%X") or type(from) ~= "number" or from < 0 or from ~= math.floor(from) then
    rpc.fail("argument", "want the id of a blob and where to begin")
  end
  if not fs.exists(path_of(id)) then
    return nil
  end
  return crypto.base64_encode(fs.read(path_of(id), { from = from, length = chunk }))
end)

return M
