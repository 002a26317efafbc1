-- Tests of sealed.lua; alice is the other bot. Run: simplex-lua test scripts/examples

local sim = require "simplex.sim"
local crypto = require "crypto"

local key = crypto.hash("sha256", "only for trying it out", "raw")

local function seal(with, text)
  return "sealed:" .. crypto.base64_encode(crypto.seal(with, text))
end

sim.case("seals and opens", function(net)
  local alice = net:user("alice"):connect()
  alice:send(seal(key, "meet at noon"))
  local got = alice:expect({ pattern = "^sealed:" })
  assert(not got.text:find("noon"), "the text does not cross the network")
  assert(crypto.unseal(key, crypto.base64_decode(got.text:sub(8))) == "Got: meet at noon")
end)

sim.case("takes nothing else", function(net)
  local alice = net:user("alice"):connect()
  alice:send("meet at noon")
  alice:send("sealed:nonsense")
  alice:send(seal(crypto.random(32), "meet at noon"))
  alice:expect_none()
end)
