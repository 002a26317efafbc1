local crypto = require "crypto"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(want, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, want)
end

-- The digests of the empty text and of "abc" that their specifications print.
is(crypto.hash("md5", ""), "d41d8cd98f00b204e9800998ecf8427e")
is(crypto.hash("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d")
is(crypto.hash("sha256", "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
is(#crypto.hash("sha512", "abc", "raw"), 64)
is(#crypto.hash("sha384", "abc", "raw"), 48)
is(crypto.hash("sha3-256", ""), "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a")
is(#crypto.hash("blake2b", "abc", "raw"), 64)
-- RFC 4231, test case 2.
is(crypto.hmac("sha256", "Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
is(crypto.equal("a", "a"), true)
is(crypto.equal("a", "ab"), false)

is(crypto.base64_encode("\0\255\254"), "AP/+")
is(crypto.base64_decode("AP/+"), "\0\255\254")
is(crypto.base64url_encode("\0\255\254"), "AP_-")
is(crypto.base64url_decode("AP_-"), "\0\255\254")
is(crypto.hex_encode("\1\255"), "01ff")
is(crypto.hex_decode("01fF"), "\1\255")
fails("data", crypto.base64_decode, "AP/")
fails("data", crypto.base64url_decode, "AP/+")
fails("data", crypto.hex_decode, "0")

is(#crypto.random(16), 16)
is(#crypto.random(16, "hex"), 32)
assert(crypto.random(16) ~= crypto.random(16))
assert(crypto.uuid():match("^%x+%-%x+%-4%x+%-[89ab]%x+%-%x+$"))
fails("argument", crypto.random, 0)
fails("argument", crypto.random, 2 ^ 30)
fails("argument", crypto.hash, "crc", "x")
fails("argument", crypto.hash, "sha256", "x", "octal")

local key = crypto.random(32)
local sealed = crypto.seal(key, "secret")
is(crypto.unseal(key, sealed), "secret")
assert(crypto.seal(key, "secret") ~= sealed)
assert(not sealed:find("secret", 1, true))
is(crypto.unseal(crypto.random(32), sealed), nil)
is(crypto.unseal(key, sealed:sub(1, -2)), nil)
is(crypto.unseal(key, "short"), nil)
fails("argument", crypto.seal, "short", "x")
is(#crypto.key("password", "salt and pepper"), 32)
is(crypto.key("password", "salt and pepper"), crypto.key("password", "salt and pepper"))
fails("argument", crypto.key, "password", "salt")
