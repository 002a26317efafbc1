---@meta store
-- Types of the module store.

---The module: `local store = require "store"`. A store keeps values by key for as long as the bot's data
---lasts: what was set is there after a restart, `kill -9` and a power cut. Values are plain data: booleans,
---numbers, strings (also binary) and tables of those; they come back exactly as they were, as copies. Keys
---are strings of 1 to 1,024 bytes, values up to 16 MiB.
---
---The functions of the module use the script's own store: in the file store.db of the bot's data folder (in
---memory under `eval`), or on the PostgreSQL server that the operator names with `store` in simplex-lua.toml,
---`--store` or `$SIMPLEX_LUA_STORE`. `store.open` gives further ones. All but `open` wait: other handlers go on
---meanwhile. They raise errors of type "argument", "io", "timeout", "limit" (a list that is too large) and
---"data" (a damaged value).
---@class store: Store
local store = {}

---@class StoreOptions
---@field name? string names the store among those of the script (default: the one of the module's functions)
---@field url? string of a PostgreSQL server, "postgres://user:password@host/database"; needs --allow net=HOST (default: where the script's own store is)
---@field shared? boolean true for one that all scripts with the same database see under this name (default false)
---@field timeout? number|string how long an operation may take, seconds or "5m" (default 30)

---@class StoreSetOptions
---@field ttl? number|string how long the entry stays, seconds or "5m" (default: for ever)

---@class StoreListOptions
---@field limit? integer how many entries at most, 1 to 10,000 (default 1,000)
---@field after? string begins behind this key: the last one of the page before

---@class StoreEntry
---@field key string
---@field value any

---A store: what store.open returns, and what the module's own functions work on (with a dot). Between two
---scripts, and between two names, nothing is shared.
---@class Store
local Store = {}

---Opens a store by name, or one on a server. It reaches nothing yet, so it may stand at the top of the script.
---
---```lua
---local store = require "store"
---local carts = store.open "carts"
---local orders = store.open { name = "orders", url = os.getenv "DATABASE_URL" }
---
---bot.on_command("add", function(msg, cmd)
---  local cart = carts:update(msg.chat.ref, function(cart)
---    cart = cart or {}
---    table.insert(cart, cmd.args)
---    return cart
---  end)
---  msg:reply(#cart .. " things in your cart")
---end)
---```
---@param name_or_options? string|StoreOptions (default: the script's own store)
---@return Store
function store.open(name_or_options) end

---Returns the value of a key, or default (nil) where there is none.
---@param key string
---@param default? any
---@return any value
function Store:get(key, default) end

---Writes a value; nil deletes. It is on disk when this returns. The entry's time begins anew.
---@param key string
---@param value any plain data
---@param options? StoreSetOptions
function Store:set(key, value, options) end

---Deletes an entry and tells whether there was one.
---@param key string
---@return boolean deleted
function Store:delete(key) end

---Adds to a number, 0 where there is none, and returns the sum. Nobody else's writing comes between. The
---entry's time goes on.
---@param key string
---@param by? number (default 1)
---@return number sum
function Store:incr(key, by) end

---Replaces a value by what fn makes of it, and returns that. fn gets nil where there is none; returning
---nil deletes. No write of another handler or process comes between: fn runs again where one did, so it
---should do nothing but compute. It may not use a store.
---@param key string
---@param fn fun(value: any): any
---@return any value the new one
function Store:update(key, fn) end

---Returns the entries whose keys begin with prefix, in the order of their bytes.
---
---```lua
---local store = require "store"
---local page, after = nil, nil
---repeat
---  page = store.list("user:", { limit = 100, after = after })
---  for _, e in ipairs(page) do
---    print(e.key, e.value)
---    after = e.key
---  end
---until #page == 0
---```
---@param prefix string "" for all
---@param options? StoreListOptions
---@return StoreEntry[]
function Store:list(prefix, options) end

---Returns how many seconds an entry has left; nil where it stays for ever or there is none.
---@param key string
---@return number? seconds
function Store:ttl(key) end

---Deletes all entries whose keys begin with prefix and returns how many.
---@param prefix string "" for all
---@return integer deleted
function Store:clear(prefix) end

return store
