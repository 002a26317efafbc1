---@meta http
-- Types of the module http.

---The module: `local http = require "http"`. Asks web servers, and answers requests as webhooks send
---them. An operator allows where it may connect to with --allow net=HOST, and where it may listen with
---the flag --allow listen=ADDRESS. A host that is allowed never leads to an address of the operator's
---own network or machine: that needs an entry of its own, as net=127.0.0.1:8080 or net=10.0.0.0/8, and
---net=localhost for the machine by that name. Certificates are always verified, and no proxy is taken
---from the environment.
---@class http
local http = {}

---@class HttpAuth
---@field user? string with password: basic authentication
---@field password? string
---@field bearer? string a token

---@class HttpOptions
---@field headers? table<string, string|number|(string|number)[]>
---@field query? table<string, string|number|boolean|(string|number)[]> added to the url
---@field body? string
---@field json? any sent as JSON in place of body
---@field form? table<string, string|number|boolean|(string|number)[]> sent as a form in place of body
---@field auth? HttpAuth
---@field timeout? number|string for all of it, the body too; seconds or "5m" (default 30)
---@field max_size? integer how many bytes the body may have, unpacked (default 10 MiB; at most 64 MiB unless with to or stream)
---@field redirects? integer how many redirects are followed (default 5); headers that may hold secrets stay with the first host
---@field stream? fun(chunk: string): boolean? gets the body of a success piece by piece; false ends it
---@field to? string the file that the body of a success is written to, in the files folder; it is there whole or not at all

---@class HttpRequestOptions: HttpOptions
---@field url string
---@field method? string (default "GET")

---@class HttpResponse
---@field status integer
---@field ok boolean the status is 200 to 299
---@field headers table<string, string> found whatever the case; several values joined with ", "
---@field body? string nil where it went to stream or to
---@field size integer bytes of the body
---@field path? string the file that was written
---@field url string where the answer came from, after redirects
---@field json fun(): any decodes the body; raises data where it is no JSON

---Asks for a page. A status of 400 and above is a response like any other. Waits. Raises permission,
---timeout, limit (the body is larger than max_size, too many redirects) and io (not reached, a wrong
---certificate, a broken answer).
---
---```lua
---local http = require "http"
---bot.on_command("weather", function(msg)
---  local res = http.get("https://api.example.org/now", { query = { city = "Oslo" }, timeout = 10 })
---  msg:reply(res.ok and res:json().text or "No weather today.")
---end)
---```
---@param url string
---@param options? HttpOptions
---@return HttpResponse
function http.get(url, options) end

---Sends something with the method POST. As http.get.
---
---```lua
---http.post("https://api.example.org/alerts", { json = { text = "The door is open." }, auth = { bearer = token } })
---```
---@param url string
---@param options? HttpOptions
---@return HttpResponse
function http.post(url, options) end

---Sends something with the method PUT. As http.get.
---@param url string
---@param options? HttpOptions
---@return HttpResponse
function http.put(url, options) end

---Asks for something to be deleted, with the method DELETE. As http.get.
---@param url string
---@param options? HttpOptions
---@return HttpResponse
function http.delete(url, options) end

---Sends a request with any method. As http.get.
---@param options HttpRequestOptions
---@return HttpResponse
function http.request(options) end

---How requests are signed. The defaults are GitHub's.
---@class HttpHmac
---@field secret string
---@field header? string where the signature stands (default "X-Hub-Signature-256")
---@field algorithm? "sha256"|"sha512"|"sha1" (default "sha256")
---@field prefix? string what stands before the signature (default: "sha256=" may)
---@field encoding? "hex"|"base64" (default "hex")
---@field timestamp_header? string where the time of signing stands, in seconds since 1970; what came before is refused then
---@field max_age? number|string how far that time may be away (default "5m")
---@field signed? string the text that is signed (default "{body}", with a timestamp_header "{timestamp}.{body}")

---@class HttpServeOptions
---@field listen string "127.0.0.1:8080", ":8080" for all addresses of the machine; the port 0 takes a free one
---@field routes? table<string, HttpRoute> functions by "POST /path" or "/path"
---@field hmac? HttpHmac for all routes
---@field max_size? integer bytes of a request's body (default 1 MiB); more is answered with 413
---@field rate? number requests a second of one client (default 50; 0 for no bound); more is answered with 429
---@field burst? integer how many at once (default 100)
---@field timeout? number|string for reading a request and then for the handler (default 30)
---@field concurrency? integer how many handlers run side by side (default 16); others wait

---@class HttpRequest
---@field method string
---@field path string
---@field params table<string, string> what stood in the place of {name}
---@field query table<string, string>
---@field headers table<string, string> found whatever the case
---@field host string
---@field body string
---@field remote string the client's address, that of the proxy where there is one
---@field json fun(): any decodes the body; raises data where it is no JSON

---@class HttpAnswer
---@field status? integer (default 200)
---@field headers? table<string, string>
---@field body? string
---@field json? any in place of body

---@alias HttpRoute fun(req: HttpRequest): string|integer|HttpAnswer|nil

---Answers requests at an address from the moment this version of the script takes over. It belongs to
---the top of the script. A port in use ends the start; at a reload the older version goes on. A reload
---neither closes nor refuses a connection. Functions are handlers: they may wait, send messages, and
---do not hold up chats. What they raise goes to bot.on_error, and the client gets 500 without details.
---Nothing returned is answered with 204.
---
---```lua
---local http = require "http"
---local server = http.serve { listen = "127.0.0.1:8080", hmac = { secret = os.getenv("SECRET") } }
---server:post("/alerts/{room}", function(req)
---  bot.send("#" .. req.params.room, req:json().text)
---  return "ok"
---end)
---```
---@param options HttpServeOptions
---@return HttpServer
function http.serve(options) end

---@class HttpRouteOptions
---@field hmac? HttpHmac in place of the server's

---@class HttpServer
---@field address string where it listens, with the port that it got once the script has started
local HttpServer = {}

---Answers GET and HEAD at a path: "/orders/{id}", "/files/{rest...}", "/{$}" for / alone.
---@param path string
---@param fn HttpRoute
---@param options? HttpRouteOptions
---@return HttpServer
function HttpServer:get(path, fn, options) end

---Answers POST at a path.
---@param path string
---@param fn HttpRoute
---@param options? HttpRouteOptions
---@return HttpServer
function HttpServer:post(path, fn, options) end

---Answers PUT at a path.
---@param path string
---@param fn HttpRoute
---@param options? HttpRouteOptions
---@return HttpServer
function HttpServer:put(path, fn, options) end

---Answers DELETE at a path.
---@param path string
---@param fn HttpRoute
---@param options? HttpRouteOptions
---@return HttpServer
function HttpServer:delete(path, fn, options) end

---Answers all methods at a path.
---@param path string
---@param fn HttpRoute
---@param options? HttpRouteOptions
---@return HttpServer
function HttpServer:any(path, fn, options) end
