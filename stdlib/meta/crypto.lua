---@meta crypto
-- Types of the module crypto.

---The module: `local crypto = require "crypto"`. Texts are bytes; digests come as hex unless asked otherwise.
---@class crypto
local crypto = {}

---@alias CryptoAlgorithm "sha256"|"sha384"|"sha512"|"sha3-256"|"blake2b"|"sha1"|"md5"
---@alias CryptoEncoding "hex"|"base64"|"base64url"|"raw"

---Returns the digest of a text. md5 and sha1 are there to read what others wrote.
---
---```lua
---local crypto = require "crypto"
---print(crypto.hash("sha256", "abc"))
---```
---@param algorithm CryptoAlgorithm
---@param data string
---@param encoding? CryptoEncoding default "hex"
---@return string
function crypto.hash(algorithm, data, encoding) end

---Returns the signature of a text with a key (RFC 2104).
---@param algorithm CryptoAlgorithm
---@param key string
---@param data string
---@param encoding? CryptoEncoding default "hex"
---@return string
function crypto.hmac(algorithm, key, data, encoding) end

---Tells whether two texts are the same. The time it takes says nothing about where they differ, so it is
---what signatures and codes are compared with.
---@param a string
---@param b string
---@return boolean
function crypto.equal(a, b) end

---Returns random bytes, fit for keys and codes.
---@param n integer how many, at most 1 MiB
---@param encoding? CryptoEncoding default "raw"
---@return string
function crypto.random(n, encoding) end

---Returns a random identifier (UUID, version 4).
---@return string
function crypto.uuid() end

---@param data string
---@return string
function crypto.base64_encode(data) end

---Reads base64. A wrong text raises an error of type data.
---@param text string
---@return string
function crypto.base64_decode(text) end

---Writes base64 for addresses and file names: with - and _ and without padding.
---@param data string
---@return string
function crypto.base64url_encode(data) end

---@param text string
---@return string
function crypto.base64url_decode(text) end

---@param data string
---@return string
function crypto.hex_encode(data) end

---@param text string
---@return string
function crypto.hex_decode(text) end

---Derives a key from a password (Argon2id). Takes a tenth of a second and 64 MiB on purpose. Waits.
---@param password string
---@param salt string at least 8 bytes; the same for the same key, so keep it, it is no secret
---@return string key 32 bytes
function crypto.key(password, salt) end

---Encrypts and signs a text (XChaCha20-Poly1305). Two of the same text differ.
---
---```lua
---local crypto = require "crypto"
---local key = crypto.random(32)
---local sealed = crypto.seal(key, "for you alone")
---print(crypto.unseal(key, sealed))
---```
---@param key string 32 bytes
---@param text string
---@return string sealed bytes; crypto.base64_encode makes them a text
function crypto.seal(key, text) end

---Decrypts what crypto.seal made; nil where the key is another or the text was changed.
---@param key string
---@param sealed string
---@return string?
function crypto.unseal(key, sealed) end
