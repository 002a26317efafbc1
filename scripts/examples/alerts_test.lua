-- Tests of alerts.lua. Run: simplex-lua test scripts/examples
-- The project's own tests let it listen: allow: env=ALERTS_LISTEN env=ALERTS_SECRET listen=127.0.0.1:0 net=127.0.0.1

local sim = require "simplex.sim"
local crypto = require "crypto"
local http = require "http"

local function subscribed(net, name)
  local person = net:user(name):connect()
  person:send("/subscribe")
  person:expect("You get the alerts now.")
  return person
end

sim.case("alerts those who subscribe", function(net)
  local alice, bob = subscribed(net, "alice"), subscribed(net, "bob")
  bob:send("/unsubscribe")
  bob:expect("No more alerts.")
  alice:send("/try")
  alice:expect("❗ *Test*\nThis is only a test.")
  alice:expect("Sent to 1.")
  bob:expect_none()
end)

if os.getenv "ALERTS_LISTEN" then
  sim.case("takes signed requests only", function(net)
    local alice = subscribed(net, "alice")
    local url = "http://" .. net.bot.state.address .. "/alert"
    local body = json.encode({ title = "Disk", text = "90% full" })
    local function post(secret)
      local signature = "sha256=" .. crypto.hmac("sha256", secret, body)
      return http.post(url, { body = body, headers = { ["X-Hub-Signature-256"] = signature } })
    end
    assert(post("wrong").status == 401, "a wrong signature is refused")
    local answer = post(os.getenv "ALERTS_SECRET")
    assert(answer.status == 200 and answer:json().sent == 1)
    alice:expect("❗ *Disk*\n90% full")
    alice:expect_none()
  end)
end
